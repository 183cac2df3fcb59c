import Documents

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

func isReadable(_ path: String) -> Bool { access(path, R_OK) == 0 }

/// Where the command itself lies; empty when the system does not say.
func executablePath() -> String {
  #if os(Linux)
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = buffer.withUnsafeMutableBytes {
      readlink("/proc/self/exe", $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count)
    }
    return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : ""
  #else
    return CommandLine.arguments.first ?? ""
  #endif
}

func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

func isWritable(_ path: String) -> Bool { access(path, W_OK) == 0 }

func removeFile(_ path: String) { unlink(path) }

/// A name as part of a path: a file of examples may give its task one with slashes, which make no folders.
func fileName(_ name: String) -> String { String(name.map { "/:".contains($0) ? "-" : $0 }) }

/// CPU seconds of this thread.
func threadSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// CPU seconds of all threads of this process.
func processSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// Makes a folder and those above it, where they are missing.
func makeFolder(_ path: String) throws(InputError) {
  var made = path.hasPrefix("/") ? "/" : ""
  for part in path.split(separator: "/") {
    made += made.isEmpty || made.hasSuffix("/") ? String(part) : "/\(part)"
    guard mkdir(made, 0o777) == 0 || errno == EEXIST else {
      throw InputError(file: made, message: "cannot make the folder: \(String(cString: strerror(errno)))")
    }
  }
}

/// Names in a folder, in order, without hidden ones.
func folderEntries(_ path: String) -> [String] {
  guard let folder = opendir(path) else { return [] }
  defer { closedir(folder) }
  var names: [String] = []
  while let entry = readdir(folder) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if !name.hasPrefix(".") { names.append(name) }
  }
  return names.sorted()
}

/// Greatest memory of this process so far, in bytes.
func peakBytes() -> Int {
  var usage = rusage()
  #if canImport(Glibc)
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  #else
    getrusage(RUSAGE_SELF, &usage)
  #endif
  #if os(Linux)
    return usage.ru_maxrss << 10
  #else
    return usage.ru_maxrss
  #endif
}
