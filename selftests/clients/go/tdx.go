// SPDX-License-Identifier: MIT

// What go-tdx-guest can do: quotes through configfs and ioctl, and parsing them.

package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"math/big"
	"os"
	"strings"
	"time"

	"github.com/google/go-tdx-guest/abi"
	"github.com/google/go-tdx-guest/client"
	labi "github.com/google/go-tdx-guest/client/linuxabi"
	pb "github.com/google/go-tdx-guest/proto/tdx"
	"github.com/google/go-tdx-guest/verify"
)

const (
	tdxDevice = "/dev/tdx_guest"
	tdxRoot   = "/etc/tsm-emu/pki/trustedRootCaCert.pem"
)

// checkQuote has the library parse a quote and write it again.
func checkQuote(quote []byte, want nonce) error {
	parsed, err := abi.QuoteToProto(quote)
	if err != nil {
		return err
	}
	v4, ok := parsed.(*pb.QuoteV4)
	if !ok {
		return fmt.Errorf("the quote is a %T", parsed)
	}
	if !bytes.Equal(v4.GetTdQuoteBody().GetReportData(), want[:]) {
		return fmt.Errorf("the quote is for other report data")
	}
	again, err := abi.QuoteToAbiBytes(v4)
	if err != nil {
		return err
	}
	if !bytes.Equal(again, quote) {
		return fmt.Errorf("the quote is not what the library makes of it")
	}
	return checkQuoteSignature(v4)
}

// checkQuoteSignature is for the signature of header and body by the attestation
// key. The library has it behind a check of names, see verifyStops.
func checkQuoteSignature(quote *pb.QuoteV4) error {
	header, err := abi.HeaderToAbiBytes(quote.GetHeader())
	if err != nil {
		return err
	}
	body, err := abi.TdQuoteBodyToAbiBytes(quote.GetTdQuoteBody())
	if err != nil {
		return err
	}
	signature, err := abi.SignatureToDER(quote.GetSignedData().GetSignature())
	if err != nil {
		return err
	}
	point := quote.GetSignedData().GetEcdsaAttestationKey()
	key := ecdsa.PublicKey{
		Curve: elliptic.P256(),
		X:     new(big.Int).SetBytes(point[:32]),
		Y:     new(big.Int).SetBytes(point[32:]),
	}
	sum := sha256.Sum256(append(header, body...))
	if !ecdsa.VerifyASN1(&key, sum[:], signature) {
		return fmt.Errorf("the quote is not signed by its attestation key")
	}
	return nil
}

// quoteByConfigfs has the library parse it, too.
func quoteByConfigfs() error {
	provider, err := client.GetQuoteProvider()
	if err != nil {
		return err
	}
	if err := provider.IsSupported(); err != nil {
		return err
	}
	data := fresh()
	quote, err := client.GetQuote(provider, data)
	if err != nil {
		return err
	}
	raw, err := abi.QuoteToAbiBytes(quote)
	if err != nil {
		return err
	}
	return checkQuote(raw, data)
}

// tdreportByIoctl is the ioctl that every kernel has.
func tdreportByIoctl() error {
	if err := needs(tdxDevice); err != nil {
		return err
	}
	device, err := client.OpenDevice()
	if err != nil {
		return err
	}
	defer device.Close()
	request := labi.TdxReportReq{ReportData: fresh()}
	if _, err := device.Ioctl(labi.IocTdxGetReport, &request); err != nil {
		return err
	}
	if request.TdReport[0] != abi.TeeTDX {
		return fmt.Errorf("the TDREPORT is for TEE %#x", request.TdReport[0])
	}
	if !bytes.Equal(request.TdReport[128:192], request.ReportData[:]) {
		return fmt.Errorf("the TDREPORT is for other report data")
	}
	return nil
}

// quoteByIoctl is the ioctl of Intel's driver before there was one in Linux.
func quoteByIoctl() error {
	if err := needs(tdxDevice); err != nil {
		return err
	}
	device, err := client.OpenDevice()
	if err != nil {
		return err
	}
	defer device.Close()
	data := fresh()
	quote, err := client.GetRawQuote(device, data)
	if err != nil && strings.HasPrefix(err.Error(), "invalid ioctl!") {
		return absent("such ioctl: ENOTTY")
	}
	if err != nil {
		return err
	}
	return checkQuote(quote, data)
}

// emulatedRoot is the emulator's stand-in for the Intel SGX Root CA.
func emulatedRoot() (*x509.CertPool, error) {
	pem, err := os.ReadFile(tdxRoot)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("no certificate in %s", tdxRoot)
	}
	return pool, nil
}

// verifyStops has the library verify a quote for a caller who trusts the emulator.
// It gets through the format and all certificates to the name of the root, which
// has to be Intel's.
func verifyStops() error {
	roots, err := emulatedRoot()
	if err != nil {
		return err
	}
	provider, err := client.GetQuoteProvider()
	if err != nil {
		return err
	}
	quote, err := client.GetRawQuote(provider, fresh())
	if err != nil {
		return err
	}
	err = verify.RawTdxQuote(quote, &verify.Options{TrustedRoots: roots, Now: time.Now()})
	if err == nil || !strings.Contains(err.Error(),
		`"EMULATED SGX Root CA" is not expected in certificate's subject name`) {
		return fmt.Errorf("verify: %v", err)
	}
	return nil
}

func tdxRows() {
	reportRows("tdx_guest", checkQuote, "-----BEGIN CERTIFICATE-----")
	row("go-tdx-guest quote through configfs", quoteByConfigfs)
	row("go-tdx-guest quote through ioctl", quoteByIoctl)
	row("go-tdx-guest TDREPORT through ioctl", tdreportByIoctl)
	row("go-tdx-guest verify, up to the root's name", verifyStops)
	rtmrRows()
}
