// SPDX-License-Identifier: MIT

// In a VM: does what Google's libraries for attestation can do, one row each.

package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
)

type nonce = [64]byte

// absent is the error of an operation whose interface is not there.
type absent string

func (what absent) Error() string {
	return "no " + string(what)
}

// needs returns an error if a file that an operation is about is not there.
func needs(path string) error {
	if _, err := os.Stat(path); err != nil {
		return absent(path)
	}
	return nil
}

// fresh returns 64 random bytes, which no other report has in it.
func fresh() (data nonce) {
	if _, err := rand.Read(data[:]); err != nil {
		panic(err)
	}
	return data
}

// attempt runs an operation, and takes the end of a library for an error, too.
func attempt(operation func() error) (err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("panic: %v", panicked)
		}
	}()
	return operation()
}

// row prints what came of an operation.
func row(name string, operation func() error) {
	var missing absent

	err := attempt(operation)
	result := "ok"
	if errors.As(err, &missing) {
		result = "-: " + missing.Error()
	} else if err != nil {
		result = "no: " + err.Error()
	}
	fmt.Printf("%s\t%s\n", name, strings.Join(strings.Fields(result), " "))
}

// check tells what is wrong with evidence that a tool wrote.
func check(tee, path, hexNonce string) error {
	var want nonce

	evidence, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if n, err := hex.Decode(want[:], []byte(hexNonce)); err != nil || n != len(want) {
		return fmt.Errorf("%q are not 64 bytes", hexNonce)
	}
	if tee == "tdx" {
		return checkQuote(evidence, want)
	}
	return checkReport(evidence, want)
}

func main() {
	flag.Parse()
	switch args := flag.Args(); {
	case len(args) == 1 && args[0] == "tdx":
		tdxRows()
	case len(args) == 1 && args[0] == "snp":
		snpRows()
	case len(args) == 4 && args[0] == "check":
		if err := check(args[1], args[2], args[3]); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	default:
		fmt.Fprintln(os.Stderr, "usage: go-clients tdx|snp")
		fmt.Fprintln(os.Stderr, "       go-clients check tdx|snp FILE NONCE")
		os.Exit(2)
	}
}
