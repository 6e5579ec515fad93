using Refrag.Server.Access;

namespace Refrag.Cli.Commands.Serve;

/// <summary>The variables that point AWS clients at a server of ours.</summary>
internal static class ServerEnvironment
{
    /// <summary>Lines for a POSIX shell.</summary>
    public static IEnumerable<string> Exports(string url, AccessKey key, string region) =>
        Variables(url, key, region).Select(v => $"export {v.Name}={Quote(v.Value)}");

    /// <summary>Where the jobs of this machine reach a server that listens on an address.</summary>
    public static Uri ForJobs(Uri listening) => listening.Host switch
    {
        "0.0.0.0" => new UriBuilder(listening) { Host = "127.0.0.1" }.Uri,
        "[::]" => new UriBuilder(listening) { Host = "[::1]" }.Uri,
        _ => listening,
    };

    /// <summary>The variables themselves.</summary>
    public static (string Name, string Value)[] Variables(string url, AccessKey key, string region) =>
    [
        ("AWS_ENDPOINT_URL_BATCH", url),
        ("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", url),
        // Draining an environment asks here for its tasks; nothing else of ECS is needed where Batch is this server.
        ("AWS_ENDPOINT_URL_ECS", url),
        // Go, Java and C# read the first, Python the second.
        ("AWS_REGION", region),
        ("AWS_DEFAULT_REGION", region),
        ("AWS_ACCESS_KEY_ID", key.AccessKeyId),
        ("AWS_SECRET_ACCESS_KEY", key.SecretAccessKey),
        // A token of other credentials would go along.
        ("AWS_SESSION_TOKEN", ""),
    ];

    private static string Quote(string value) => $"'{value.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
