using System.Text.Json;
using Refrag.Aws;
using Refrag.JobLogs;
using Refrag.Server;

namespace Refrag.Cli.Connections;

/// <summary>
/// How long after an attempt's end lines of it may still come: CloudWatch's time, but none from a server that says so at <c>/healthz</c>,
/// as refrag's own does.
/// </summary>
internal sealed class LogDelay(AwsClientOptions options, IDownloads downloads)
{
    private const int LongestAnswer = 4096;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private TimeSpan? _known;

    /// <summary>Whether the log is a file that is complete when the attempt has ended.</summary>
    public bool IsOfFiles { get; init; }

    /// <summary>Asks once. An endpoint that does not answer, or is AWS, has late lines.</summary>
    public async Task<TimeSpan> GetAsync(CancellationToken cancellationToken) =>
        _known ??= IsOfFiles || await HasNoneAsync(cancellationToken) ? TimeSpan.Zero : new LogChoice().Late;

    private async Task<bool> HasNoneAsync(CancellationToken cancellationToken)
    {
        if (!AwsEndpoint.Find(options, AwsService.Logs).TryGet(out AwsEndpoint? logs, out _) || logs.IsAws) return false;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_patience);
        try
        {
            using JsonDocument health =
                JsonDocument.Parse(await downloads.DownloadAsync(new Uri(logs.Endpoint, ServerHealth.Path), LongestAnswer, limit.Token));
            return health.RootElement.ValueKind == JsonValueKind.Object
                && health.RootElement.TryGetProperty("lateLogLines", out JsonElement late) && late.ValueKind == JsonValueKind.False;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException or TimeoutException or JsonException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
