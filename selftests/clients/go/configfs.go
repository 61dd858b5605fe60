// SPDX-License-Identifier: MIT

// What go-configfs-tsm can do: reports of any TEE.

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	"github.com/google/go-configfs-tsm/configfs/configfsi"
	"github.com/google/go-configfs-tsm/configfs/linuxtsm"
	"github.com/google/go-configfs-tsm/report"
)

const reports = configfsi.TsmPrefix + "/report"

// checker tells what is wrong with evidence for a nonce.
type checker func(evidence []byte, want nonce) error

// getReport is one report from beginning to end.
func getReport(provider string, request report.Request, check checker) (*report.Response, error) {
	data := fresh()
	request.InBlob = data[:]
	response, err := linuxtsm.GetReport(&request)
	if err != nil {
		return nil, err
	}
	if response.Provider != provider+"\n" {
		return nil, fmt.Errorf("provider is %q", response.Provider)
	}
	return response, check(response.OutBlob, data)
}

// hasAttribute tells whether report entries have an attribute.
func hasAttribute(name string) error {
	entry, err := os.MkdirTemp(reports, "probe")
	if err != nil {
		return err
	}
	defer os.Remove(entry)
	if needs(entry+"/"+name) != nil {
		return absent(name)
	}
	return nil
}

// reportWithAuxBlob asks for the auxblob before the outblob, as the library does.
func reportWithAuxBlob(provider string, check checker, certificate string) error {
	if err := hasAttribute("auxblob"); err != nil {
		return err
	}
	response, err := getReport(provider, report.Request{GetAuxBlob: true}, check)
	if err == nil && !bytes.Contains(response.AuxBlob, []byte(certificate)) {
		err = fmt.Errorf("no %q in an auxblob of %d bytes", certificate,
			len(response.AuxBlob))
	}
	return err
}

// seesConflict has somebody else write to an entry between a client's write and
// its read: the client must be told, by the generation.
func seesConflict() error {
	client, err := linuxtsm.MakeClient()
	if err != nil {
		return err
	}
	entry, err := os.MkdirTemp(reports, "shared")
	if err != nil {
		return err
	}
	open, err := report.UnsafeWrap(client, entry)
	if err != nil {
		return err
	}
	defer open.Destroy()
	ours, theirs := fresh(), fresh()
	if err := open.WriteOption("inblob", ours[:]); err != nil {
		return err
	}
	if _, err := open.ReadOption("outblob"); err != nil {
		return fmt.Errorf("before the conflict: %w", err)
	}
	if err := os.WriteFile(entry+"/inblob", theirs[:], 0220); err != nil {
		return err
	}
	_, err = open.ReadOption("outblob")
	conflict := report.GetGenerationErr(err)
	if conflict == nil {
		return fmt.Errorf("read after another's write: %v", err)
	}
	if conflict.Got != 2 || conflict.Want != 1 {
		return conflict
	}
	return nil
}

// inParallel has several reports made at once.
func inParallel(count int, provider string, check checker) error {
	done := make(chan error, count)
	for i := 0; i < count; i++ {
		go func() {
			_, err := getReport(provider, report.Request{}, check)
			done <- err
		}()
	}
	var err error
	for i := 0; i < count; i++ {
		err = errors.Join(err, <-done)
	}
	return err
}

// reportRows are those that do not depend on the TEE. The certificate is a piece of
// text in the auxblob.
func reportRows(provider string, check checker, certificate string) {
	row("go-configfs-tsm report", func() error {
		_, err := getReport(provider, report.Request{}, check)
		return err
	})
	row("go-configfs-tsm report with auxblob", func() error {
		return reportWithAuxBlob(provider, check, certificate)
	})
	row("go-configfs-tsm 4 reports at once", func() error {
		return inParallel(4, provider, check)
	})
	row("go-configfs-tsm generation conflict", seesConflict)
}
