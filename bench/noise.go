package main

import (
	"fmt"
	"os"
	"time"
)

// noise tells how much of the machine others used: without it nobody can say
// whether a slow figure is the product's.
type noise struct {
	began time.Time
	busy  float64 // seconds of all processors at the beginning
	own   float64 // and of this process and its children
}

func watchNoise() noise {
	return noise{began: time.Now(), busy: busySeconds(), own: ownSeconds()}
}

// busySeconds is how long all processors have worked since the machine began.
func busySeconds() float64 {
	b, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0 // no Linux: no word on noise
	}
	var user, nice, system, idle, wait, irq, soft, steal float64
	if _, err := fmt.Sscanf(string(b), "cpu %g %g %g %g %g %g %g %g", &user, &nice, &system, &idle, &wait, &irq, &soft, &steal); err != nil {
		return 0
	}
	return (user + nice + system + irq + soft + steal) / 100
}

// ownSeconds is what this process and its ended children used.
func ownSeconds() float64 {
	b, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return 0
	}
	return clockTicks(string(b), 11, 12, 13, 14) / 100
}

// figure is the share of the processors' time that went to others. PostgreSQL,
// which is no child of ours, counts as one of them.
func (n noise) figure() figure {
	elapsed := time.Since(n.began).Seconds()
	own := ownSeconds() - n.own
	others := busySeconds() - n.busy - own
	return figure{Name: "noise.others", Value: others / elapsed, Unit: "processors", Baseline: own / elapsed, N: 1}
}
