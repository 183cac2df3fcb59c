#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Whether the long tests run in full: `LEVIN_LONG=1`, as `make test-long` says it.
public let isLongRun = getenv("LEVIN_LONG") != nil

/// Whether code and tests are built with optimisation.
#if DEBUG
  public let isReleaseBuild = false
#else
  public let isReleaseBuild = true
#endif

/// Whether the heaviest laws are tried on all their samples: without optimisation, where they take ten times as long, the
/// default run tries some.
public let isThorough = isLongRun || isReleaseBuild
