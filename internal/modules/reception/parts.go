package reception

// assemble makes the sub-packages and plugs what they need of letters.
func (s *Service) assemble() error { return nil }
