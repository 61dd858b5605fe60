// SPDX-License-Identifier: MIT

// What go-sev-guest can do with /dev/sev-guest.

package main

import (
	"bytes"
	"fmt"
	"syscall"

	"github.com/google/go-sev-guest/abi"
	"github.com/google/go-sev-guest/client"
)

// deviceRow is a row about the device.
func deviceRow(name string, operation func(*client.LinuxDevice) error) {
	row(name, func() error {
		if err := needs(snpDevice); err != nil {
			return err
		}
		device, err := client.OpenDevice()
		if err != nil {
			return err
		}
		defer device.Close()
		return operation(device)
	})
}

// reportByIoctl is SNP_GET_REPORT.
func reportByIoctl(device *client.LinuxDevice, vmpl int) error {
	data := fresh()
	raw, err := client.GetRawReportAtVmpl(device, data, vmpl)
	if err != nil {
		return err
	}
	if err := checkReport(raw, data); err != nil {
		return err
	}
	return checkVmpl(raw, uint32(vmpl))
}

// refusal asks for a VMPL that does not exist. The firmware refuses inside of its
// answer, where the library does not look.
func refusal(device *client.LinuxDevice) error {
	raw, err := client.GetRawReportAtVmpl(device, fresh(), 4)
	if err == nil {
		return fmt.Errorf("no error, and a report that begins with %x", raw[:4])
	}
	if err != syscall.EIO {
		return err
	}
	return nil
}

// extReportByIoctl is SNP_GET_EXT_REPORT, first for the length, then for all.
func extReportByIoctl(device *client.LinuxDevice, vmpl int) error {
	data := fresh()
	raw, certs, err := client.GetRawExtendedReportAtVmpl(device, data, vmpl)
	if err != nil {
		return err
	}
	if err := checkReport(append(raw, certs...), data); err != nil {
		return err
	}
	return checkVmpl(raw, uint32(vmpl))
}

// derivedKey is SNP_GET_DERIVED_KEY: the same for the same request, and another
// for another.
func derivedKey(device *client.LinuxDevice) error {
	var keys [3][]byte

	requests := []client.SnpDerivedKeyReq{
		{UseVCEK: true},
		{UseVCEK: true},
		{UseVCEK: true, GuestFieldSelect: client.GuestFieldSelect{GuestPolicy: true}},
	}
	for i := range requests {
		response, err := client.GetDerivedKeyAcknowledgingItsLimitations(device,
			&requests[i])
		if err != nil {
			return err
		}
		keys[i] = response.Data[:]
	}
	if !bytes.Equal(keys[0], keys[1]) || bytes.Equal(keys[0], keys[2]) {
		return fmt.Errorf("the keys are %x", keys)
	}
	return nil
}

// quoteByIoctlProvider is the way that the library takes without configfs.
func quoteByIoctlProvider(*client.LinuxDevice) error {
	provider := &client.LinuxIoctlQuoteProvider{}
	if !provider.IsSupported() {
		return fmt.Errorf("not supported")
	}
	data := fresh()
	quote, err := provider.GetRawQuote(data)
	if err != nil {
		return err
	}
	if len(quote) == abi.ReportSize {
		return fmt.Errorf("the quote has no certificates")
	}
	return checkReport(quote, data)
}

func deviceRows() {
	deviceRow("go-sev-guest report through ioctl", func(device *client.LinuxDevice) error {
		return reportByIoctl(device, 0)
	})
	deviceRow("go-sev-guest report through ioctl at VMPL 1", func(device *client.LinuxDevice) error {
		return reportByIoctl(device, someVmpl)
	})
	deviceRow("go-sev-guest ext report through ioctl", func(device *client.LinuxDevice) error {
		return extReportByIoctl(device, 0)
	})
	deviceRow("go-sev-guest ext report through ioctl at VMPL 1", func(device *client.LinuxDevice) error {
		return extReportByIoctl(device, someVmpl)
	})
	deviceRow("go-sev-guest report through ioctl fails at VMPL 4", refusal)
	deviceRow("go-sev-guest derived key through ioctl", derivedKey)
	deviceRow("go-sev-guest quote through ioctl", quoteByIoctlProvider)
}
