// Package jobs keeps work for later: a letter to send, a reminder on a date, a
// nightly check.
//
// A job is queued in the transaction of the act that wants it, so there is no
// act without its job and no job without its act. A node takes jobs by lease:
// a node that dies loses them to another when the lease runs out. Jobs that
// touch the database alone (HandleTx) finish in the transaction of their work
// and so happen exactly once. Jobs that talk to the world (Handle) happen at
// least once; their handlers must bear a second run.
//
//	queued ──run──▶ done
//	  │ ▲ failed: later, with growing pauses
//	  │ └──────── retry ────────┐
//	  ├── failed too often ──▶ dead
//	  └── cancelled by a person ▶ cancelled
//
// The package owns jobs_jobs and jobs_schedules. It knows nothing of what jobs
// mean, records no act in the log (the caller of Cancel and Retry does) and
// decides no rights.
package jobs
