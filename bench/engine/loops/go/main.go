// A bare net/http loop: a floor for any checker in Go. URLS COUNT IN_FLIGHT AUTHORITIES; prints what it used, as JSON.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

func main() {
	urls := strings.Fields(string(read(os.Args[1])))
	count, _ := strconv.Atoi(os.Args[2])
	inFlight, _ := strconv.Atoi(os.Args[3])
	authorities := x509.NewCertPool()
	authorities.AppendCertsFromPEM(read(os.Args[4]))
	client := &http.Client{
		Timeout: 10 * time.Second,
		Transport: &http.Transport{
			DisableKeepAlives:  true,
			DisableCompression: true,
			TLSClientConfig:    &tls.Config{RootCAs: authorities},
		},
	}
	passes(client, urls[0])
	resting, began := memory("VmRSS:"), processor()
	passed := run(client, urls, count, inFlight)
	fmt.Printf("{\"passed\": %d, \"processor\": %f, \"resting\": %d, \"peak\": %d}\n",
		passed, processor()-began, resting, memory("VmHWM:"))
}

func run(client *http.Client, urls []string, count, inFlight int) int64 {
	var next, passed int64
	var all sync.WaitGroup
	for worker := 0; worker < inFlight; worker++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for number := atomic.AddInt64(&next, 1); number <= int64(count); number = atomic.AddInt64(&next, 1) {
				if passes(client, urls[number%int64(len(urls))]) {
					atomic.AddInt64(&passed, 1)
				}
			}
		}()
	}
	all.Wait()
	return passed
}

func passes(client *http.Client, url string) bool {
	response, err := client.Get(url)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	return err == nil && response.StatusCode == 200
}

func processor() float64 {
	var used syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &used)
	return float64(used.Utime.Nano()+used.Stime.Nano()) / 1e9
}

func memory(field string) int {
	for _, line := range strings.Split(string(read("/proc/self/status")), "\n") {
		if words := strings.Fields(line); len(words) > 1 && words[0] == field {
			kilobytes, _ := strconv.Atoi(words[1])
			return kilobytes * 1024
		}
	}
	return 0
}

func read(path string) []byte {
	content, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	return content
}
