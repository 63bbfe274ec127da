package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"example.vn/hdnd/internal/app"
	"example.vn/hdnd/internal/kernel/clock"
)

// place is where an installation lives; every command that opens one takes it.
type place struct {
	Data     string `help:"Thư mục dữ liệu. / Data folder." default:"data" env:"HDND_DATA_DIR" type:"path"`
	Database string `help:"postgres://…; để trống dùng SQLite trong thư mục dữ liệu. / Empty: SQLite in the data folder." env:"HDND_DATABASE"`
}

// listening is how a server is reached.
type listening struct {
	Listen          string         `help:"Địa chỉ lắng nghe. / Address to listen on." default:"127.0.0.1:8080" env:"HDND_LISTEN"`
	Address         string         `help:"Địa chỉ công khai, in trên biên nhận và thư. / Public address, printed on receipts and in mail." env:"HDND_ADDRESS"`
	TLSCert         string         `name:"tls-cert" help:"Tệp chứng thư TLS. / TLS certificate file." type:"existingfile"`
	TLSKey          string         `name:"tls-key" help:"Tệp khoá TLS. / TLS key file." type:"existingfile"`
	IntakePerSecond float64        `help:"Số kiến nghị mỗi giây từ một địa chỉ mạng; 0: mức thường. / Petitions a second from one network address; 0: the usual measure." env:"HDND_INTAKE_PER_SECOND"`
	GateLimits      []byte         `help:"Tệp giới hạn chống lạm dụng của cơ quan (TOML); để trống dùng mức có sẵn. / This installation's limits against abuse (TOML); empty: the shipped ones." env:"HDND_GATE_LIMITS" type:"filecontent"`
	TrustedProxies  []netip.Prefix `name:"trusted-proxies" help:"Máy uỷ quyền được tin (CIDR). / Trusted proxies (CIDR)." env:"HDND_TRUSTED_PROXIES"`
}

// mail is how letters leave.
type mail struct {
	MailHost      string `help:"Máy chủ SMTP; để trống thì thư nằm lại trong hộp chờ gửi. / SMTP server; empty: mail waits in the outbox." env:"HDND_MAIL_HOST"`
	MailPort      int    `default:"587" env:"HDND_MAIL_PORT" help:"Cổng SMTP. / SMTP port."`
	MailUser      string `env:"HDND_MAIL_USER" help:"Tài khoản SMTP. / SMTP account."`
	MailPassword  string `env:"HDND_MAIL_PASSWORD" help:"Mật khẩu SMTP (nên đặt bằng biến môi trường). / SMTP password (prefer the environment)."`
	MailFrom      string `env:"HDND_MAIL_FROM" help:"Địa chỉ người gửi. / Sender address."`
	PhoneGateways string `help:"Tệp cấu hình cổng tin nhắn Zalo, SMS (TOML). / File of the Zalo and SMS gateways (TOML)." env:"HDND_PHONE_GATEWAYS" type:"path"`
	MailSecurity  string `default:"starttls" enum:"starttls,tls,none" env:"HDND_MAIL_SECURITY" help:"starttls, tls hoặc none."`
}

type serveCommand struct {
	place
	listening
	mail
	LogName string `help:"Tên của nhật ký minh bạch; không đổi được về sau. / Name of the transparency log; cannot change later." env:"HDND_LOG_NAME"`
}

func (c serveCommand) config(address string) app.Config {
	return app.Config{Data: c.Data, Database: c.Database, Address: address, TLSCert: c.TLSCert, TLSKey: c.TLSKey, TrustedProxies: c.TrustedProxies, Origin: c.LogName, IntakePerSecond: c.IntakePerSecond, GateLimits: string(c.GateLimits),
		Mail: app.Mail{Host: c.MailHost, Port: c.MailPort, User: c.MailUser, Password: c.MailPassword, From: c.MailFrom, Security: c.MailSecurity}, PhoneGateways: c.PhoneGateways}
}

// Run serves until the process is told to stop.
func (c serveCommand) Run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ln, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return err
	}
	address := c.address(ln)
	a, err := app.Open(ctx, c.config(address), clock.System{})
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	first, err := a.FirstAddress(ctx)
	if err != nil {
		return errors.Join(err, ln.Close(), a.Close())
	}
	fmt.Printf("HĐND Số: %s\n", address)
	if first != "" {
		fmt.Printf("Thiết lập lần đầu (dùng một lần, trong 24 giờ) / First set-up (once, within 24 hours):\n  %s%s\n", address, first)
	}
	return errors.Join(a.Run(ctx, ln), a.Close())
}

// address is what people type: the public one when given, else where we listen.
func (l listening) address(ln net.Listener) string {
	if l.Address != "" {
		return strings.TrimRight(l.Address, "/")
	}
	scheme := "http"
	if l.TLSCert != "" {
		scheme = "https"
	}
	return scheme + "://" + ln.Addr().String()
}

type demoCommand struct {
	place
	listening
	Fresh bool `help:"Làm lại từ đầu. / Start over."`
	Force bool `help:"Cho phép nghe ngoài máy này (mọi người đều đăng nhập được!). / Allow listening beyond this machine (anybody can sign in!)."`
}

// Run opens the demonstration council, making it first when there is none.
func (c demoCommand) Run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := c.loopbackOnly(); err != nil {
		return err
	}
	if c.Fresh {
		if err := c.startOver(); err != nil {
			return err
		}
	}
	ln, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return err
	}
	address := c.address(ln)
	cfg := app.Config{Data: c.Data, Database: c.Database, Address: address, TLSCert: c.TLSCert, TLSKey: c.TLSKey, TrustedProxies: c.TrustedProxies, Demonstration: true}
	if err := app.Demonstrate(ctx, cfg, os.Stdout); err != nil {
		return errors.Join(err, ln.Close())
	}
	a, err := app.Open(ctx, cfg, clock.System{})
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	fmt.Printf("Hội đồng trình diễn / Demonstration council: %s\nNhấn Ctrl-C để dừng. / Press Ctrl-C to stop.\n", address)
	return errors.Join(a.Run(ctx, ln), a.Close())
}

// loopbackOnly refuses to show accounts without passwords to a network.
func (c demoCommand) loopbackOnly() error {
	if c.Force {
		return nil
	}
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("bản trình diễn không có mật khẩu nên chỉ nghe trên máy này; thêm --force nếu thật sự muốn mở %s ra mạng (the demonstration has no passwords and listens on this machine only; add --force to open it to the network)", c.Listen)
}

// startOver removes an earlier demonstration's data. A folder that is not one
// is left alone.
func (c demoCommand) startOver() error {
	if c.Database != "" {
		return errors.New("--fresh chỉ dùng với SQLite; hãy tạo cơ sở dữ liệu PostgreSQL mới (--fresh works with SQLite only; create a new PostgreSQL database instead)")
	}
	if _, err := os.Stat(c.Data); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if _, err := os.Stat(filepath.Join(c.Data, app.DemonstrationMark)); err != nil {
		return fmt.Errorf("%s không phải dữ liệu trình diễn nên không xoá (is not a demonstration's data and was left alone)", c.Data)
	}
	return os.RemoveAll(c.Data)
}
