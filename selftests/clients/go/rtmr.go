// SPDX-License-Identifier: MIT

// What go-configfs-tsm can do with RTMRs, and what a later go-tdx-guest does.

package main

import (
	"bytes"
	"crypto/sha512"
	"fmt"
	"os"
	"reflect"

	"github.com/google/go-configfs-tsm/configfs/configfsi"
	"github.com/google/go-configfs-tsm/configfs/linuxtsm"
	"github.com/google/go-configfs-tsm/rtmr"
)

const (
	registers    = configfsi.TsmPrefix + "/rtmrs"
	measurements = "/sys/class/misc/tdx_guest/measurements"
	rounds       = 10
)

// getDigest returns value and tcg_map of an RTMR, which the library fetches and
// then keeps to itself.
func getDigest(client configfsi.Client, index int) ([]byte, string, error) {
	response, err := rtmr.GetDigest(client, index)
	if err != nil {
		return nil, "", err
	}
	fields := reflect.ValueOf(response).Elem()
	digest := fields.FieldByName("digest").Bytes()
	if len(digest) != sha512.Size384 {
		return nil, "", fmt.Errorf("RTMR %d has %d bytes", index, len(digest))
	}
	return digest, string(fields.FieldByName("tcgMap").Bytes()), nil
}

// sysfs is the file of an RTMR.
func sysfs(index int) string {
	return fmt.Sprintf("%s/rtmr%d:sha384", measurements, index)
}

// extended is what a register becomes.
func extended(old []byte, digest [sha512.Size384]byte) []byte {
	sum := sha512.Sum384(append(append([]byte{}, old...), digest[:]...))
	return sum[:]
}

// readRtmrs reads all four through configfs, with the map that the library's own
// fake has.
func readRtmrs() error {
	if err := needs(registers); err != nil {
		return err
	}
	client, err := linuxtsm.MakeClient()
	if err != nil {
		return err
	}
	for index, want := range []string{"1,7\n", "2-6\n", "8-15\n", "\n"} {
		digest, tcgMap, err := getDigest(client, index)
		if err != nil {
			return err
		}
		if tcgMap != want {
			return fmt.Errorf("tcg_map of RTMR %d is %q", index, tcgMap)
		}
		value, err := os.ReadFile(sysfs(index))
		if err == nil && !bytes.Equal(digest, value) {
			return fmt.Errorf("RTMR %d has another value in sysfs", index)
		}
	}
	return nil
}

// extendRtmr extends one through configfs, some rounds of it.
func extendRtmr(index int) error {
	if err := needs(registers); err != nil {
		return err
	}
	client, err := linuxtsm.MakeClient()
	if err != nil {
		return err
	}
	for i := 0; i < rounds; i++ {
		old, _, err := getDigest(client, index)
		if err != nil {
			return err
		}
		event := sha512.Sum384([]byte(fmt.Sprintf("configfs %d", i)))
		if err := rtmr.ExtendDigest(client, index, event[:]); err != nil {
			return err
		}
		value, _, err := getDigest(client, index)
		if err != nil {
			return err
		}
		if !bytes.Equal(value, extended(old, event)) {
			return fmt.Errorf("RTMR %d is not extended by round %d", index, i)
		}
	}
	return nil
}

// writeAt0 is one write of a register's file, which is only opened for that.
func writeAt0(path string, digest []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = file.WriteAt(digest, 0)
	return err
}

// extendSysfs is what go-tdx-guest's extend tool does with -dev-mode-verify: ten
// rounds of extending and reading back. Debian's version has no such tool yet.
func extendSysfs(index int) error {
	path := sysfs(index)
	if err := needs(path); err != nil {
		return absent("sysfs measurements")
	}
	for i := 0; i < rounds; i++ {
		old, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		event := sha512.Sum384([]byte(fmt.Sprintf("sysfs %d", i)))
		if err := writeAt0(path, event[:]); err != nil {
			return err
		}
		value, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if !bytes.Equal(value, extended(old, event)) {
			return fmt.Errorf("RTMR %d is not extended by round %d", index, i)
		}
	}
	return nil
}

// rtmrRows are about RTMRs; in configfs, the first two are read-only.
func rtmrRows() {
	row("go-configfs-tsm rtmr read", readRtmrs)
	for _, index := range []int{2, 3} {
		row(fmt.Sprintf("go-configfs-tsm rtmr extend of RTMR %d", index), func() error {
			return extendRtmr(index)
		})
	}
	for index := 0; index < 4; index++ {
		row(fmt.Sprintf("sysfs extend of RTMR %d", index), func() error {
			return extendSysfs(index)
		})
	}
}
