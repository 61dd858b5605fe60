// SPDX-License-Identifier: MIT

// What go-sev-guest can do: reports, with certificates, and derived keys.

package main

import (
	"bytes"
	"flag"
	"fmt"
	"strings"

	"github.com/google/go-configfs-tsm/report"
	"github.com/google/go-sev-guest/abi"
	"github.com/google/go-sev-guest/client"
	pb "github.com/google/go-sev-guest/proto/sevsnp"
	"github.com/google/go-sev-guest/verify"
	"github.com/google/go-sev-guest/verify/trust"
)

const (
	snpDevice = "/dev/sev-guest"
	someVmpl  = 1
)

// checkReport has the library parse a report, which certificates may follow, and
// write it again.
func checkReport(evidence []byte, want nonce) error {
	if len(evidence) < abi.ReportSize {
		return fmt.Errorf("the report has %d bytes", len(evidence))
	}
	raw := evidence[:abi.ReportSize]
	parsed, err := abi.ReportToProto(raw)
	if err != nil {
		return err
	}
	if !bytes.Equal(parsed.GetReportData(), want[:]) {
		return fmt.Errorf("the report is for other report data")
	}
	again, err := abi.ReportToAbiBytes(parsed)
	if err != nil {
		return err
	}
	if !bytes.Equal(again, raw) {
		return fmt.Errorf("the report is not what the library makes of it")
	}
	if len(evidence) == abi.ReportSize {
		return nil
	}
	attestation, err := abi.ReportCertsToProto(evidence)
	if err != nil {
		return err
	}
	return checkSignature(attestation)
}

// checkSignature is for a report with its certificates.
func checkSignature(attestation *pb.Attestation) error {
	der := attestation.GetCertificateChain().GetVcekCert()
	if len(der) == 0 {
		return fmt.Errorf("no VCEK among the certificates")
	}
	vcek, err := trust.ParseCert(der)
	if err != nil {
		return err
	}
	return verify.SnpProtoReportSignature(attestation.GetReport(), vcek)
}

// checkVmpl is for the VMPL that a report names.
func checkVmpl(raw []byte, want uint32) error {
	parsed, err := abi.ReportToProto(raw[:abi.ReportSize])
	if err == nil && parsed.GetVmpl() != want {
		err = fmt.Errorf("the report is for VMPL %d", parsed.GetVmpl())
	}
	return err
}

// reportAtVmpl is go-configfs-tsm's, which writes inblob first, and then privlevel.
func reportAtVmpl() error {
	response, err := getReport("sev_guest",
		report.Request{Privilege: &report.Privilege{Level: someVmpl}}, checkReport)
	if err != nil {
		return err
	}
	return checkVmpl(response.OutBlob, someVmpl)
}

// quoteByDefault is the way that the library takes if nobody says which.
func quoteByDefault() error {
	provider, err := client.GetQuoteProvider()
	if err != nil {
		return err
	}
	if _, ok := provider.(*client.LinuxConfigFsQuoteProvider); !ok {
		return fmt.Errorf("the library has chosen %T", provider)
	}
	data := fresh()
	quote, err := provider.GetRawQuote(data)
	if err != nil {
		return err
	}
	return checkReport(quote, data)
}

// quoteAtVmpl is the same at a VMPL.
func quoteAtVmpl(provider client.LeveledQuoteProvider) error {
	data := fresh()
	quote, err := provider.GetRawQuoteAtLevel(data, someVmpl)
	if err != nil {
		return err
	}
	if err := checkReport(quote, data); err != nil {
		return err
	}
	return checkVmpl(quote, someVmpl)
}

// askSupport asks again and again; each time the library forgets about a report
// entry that it has made.
func askSupport() error {
	provider := &client.LinuxConfigFsQuoteProvider{}
	for i := 0; i < 100; i++ {
		if !provider.IsSupported() {
			return fmt.Errorf("not supported, at call %d", i+1)
		}
	}
	return quoteByDefault()
}

// verifySnpStops has the library verify a report with its certificates. It gets to
// the name of the VCEK, which has to be AMD's.
func verifySnpStops() error {
	provider, err := client.GetQuoteProvider()
	if err != nil {
		return err
	}
	attestation, err := client.GetQuoteProto(provider, fresh())
	if err != nil {
		return err
	}
	err = verify.SnpAttestation(attestation, &verify.Options{DisableCertFetching: true})
	if err == nil || !strings.Contains(err.Error(), "not expected for AMD") {
		return fmt.Errorf("verify: %v", err)
	}
	return nil
}

func snpRows() {
	// What the library waits between two ioctls, for hosts that throttle.
	flag.Set("self_throttle_duration", "0s")
	reportRows("sev_guest", checkReport, "EMULATED")
	row("go-configfs-tsm report at VMPL 1", reportAtVmpl)
	row("go-sev-guest quote through configfs", quoteByDefault)
	row("go-sev-guest quote through configfs at VMPL 1", func() error {
		return quoteAtVmpl(&client.LinuxConfigFsQuoteProvider{})
	})
	row("go-sev-guest 100 times IsSupported", askSupport)
	row("go-sev-guest verify, up to the VCEK's name", verifySnpStops)
	deviceRows()
}
