package extract
func (w *work) readDOCX(p string) error {return nil}
func (w *work) readOffice() error {return nil}
func (w *work) readHTML() error {return nil}
func (w *work) readPlain() error {return nil}
