// Command dashira turns a folder of CSV, Excel and JSON files into a live dashboard.
package main

func main() {}
