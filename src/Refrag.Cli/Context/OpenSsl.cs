using System.Runtime.InteropServices;

namespace Refrag.Cli.Context;

/// <summary>
/// OpenSSL, which .NET uses on Linux for hashes, random numbers and TLS. Without it the runtime ends the process at the first use, in the
/// middle of what it does; a bare root file system and slim images have none.
/// </summary>
internal static class OpenSsl
{
    // What the runtime looks for.
    private static readonly string[] s_names =
        ["libssl.so.3", "libssl.so.1.1", "libssl.so.1.0.2", "libssl.so.1.0.0", "libssl.so.10", "libssl.so"];

    // Where distributions keep it: to look there takes microseconds, to load it a tenth of a short command's time, which may never use it.
    private static readonly string[] s_folders =
        [$"/usr/lib/{RuntimeInformation.OSArchitecture switch { Architecture.Arm64 => "aarch64", _ => "x86_64" }}-linux-gnu", "/usr/lib64"];

    // A version of the user's own, which the runtime looks for first.
    private const string Override = "CLR_OPENSSL_VERSION_OVERRIDE";

    /// <summary>Problem RF8132 if the system needs it and has none; empty otherwise.</summary>
    public static IReadOnlyList<Problem> Check(CliContext context) =>
        !OperatingSystem.IsLinux() || context.Variable(Override) is { Length: > 0 } || Check(s_folders, s_names)
            ? [] : [Missing()];

    /// <summary>Whether one of the libraries is in one of the folders, or can be loaded from elsewhere; then it stays loaded.</summary>
    internal static bool Check(IReadOnlyList<string> folders, IReadOnlyList<string> names) =>
        folders.Any(folder => names.Any(name => File.Exists(Path.Combine(folder, name))))
            || names.Any(name => NativeLibrary.TryLoad(name, out _));

    internal static Problem Missing() => new()
    {
        Code = "RF8132",
        What = "This system has no OpenSSL, which refrag needs for hashes and TLS",
        Cause = "libssl.so.3 and libssl.so.1.1 cannot be loaded",
        Cure = "Install it: apt-get install libssl3 ca-certificates (Debian, Ubuntu; libssl3t64 in new ones), dnf install openssl-libs",
    };
}
