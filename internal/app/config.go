package app

import (
	"net/netip"
)

// Config is all that can be set from outside. Fields that are absent work.
type Config struct {
	Data           string // folder for the database, blobs, keys and indexes
	Database       string // "postgres://…"; empty: SQLite in Data
	Address        string // how people reach us: "https://hdnd.example.vn"; for links in mail and on paper
	TLSCert        string // files; both or neither
	TLSKey         string
	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed
	Mail           Mail
	PhoneGateways  string // file that says how messages reach telephones (notify.Phones); empty: they do not
	Demonstration  bool
	Origin         string // name of the transparency log
	// IntakePerSecond is how many petitions one network address may hand in; 0
	// takes the usual measure. A hall where a whole ward fills in the form on
	// the council's own tablets needs more.
	IntakePerSecond float64
	// GateLimits are this installation's own limits of what may be handed in, in
	// the form of petitions/gate/limits.toml; empty: the shipped ones.
	GateLimits string
}

// Mail says how letters leave; without a host they wait, visibly, in the outbox.
type Mail struct {
	Host     string
	Port     int
	User     string
	Password string
	From     string
	Security string // "starttls", "tls" or "none"
}

// origin is the log's name when none was set: it is signed into every
// checkpoint, so it must not change with the machine's name.
const origin = "hdnd.local/nhat-ky"
