using System.Globalization;
using System.Text;
using Refrag.Aws;
using Refrag.Aws.Logs;
using Refrag.Slurm.Commands;
using Refrag.Slurm.Scripts;

namespace Refrag.Slurm.Operations;

/// <summary>Log streams: the files that the scripts write, in the folder of all jobs.</summary>
/// <param name="commands">Where the files are.</param>
/// <param name="place">The cluster.</param>
internal sealed class LogOperations(ISlurmCommands commands, SlurmPlace place)
{
    private const int Page = 1 << 20;
    private const string Token = "f/";
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    public async Task<GetLogEventsResponse> EventsAsync(GetLogEventsRequest request, CancellationToken cancellationToken)
    {
        string operation = LogsOperations.GetLogEvents.Name;
        if (request.StartTime is not null || request.EndTime is not null) throw NoTimes(operation);
        string stream = request.LogStreamName ?? "";
        if (!IsStream(stream)) throw Missing(operation, stream);
        if (request is { NextToken: null, StartFromHead: not true })
            request = request with { NextToken = await EndAsync(stream, cancellationToken) };
        _ = long.TryParse((request.NextToken ?? Position(0)).AsSpan(Token.Length), CultureInfo.InvariantCulture, out long from);
        CommandAnswer answer = await commands.RunAsync(Script(stream, from), "", s_limit, cancellationToken);
        if (answer.ExitCode == NoFile) throw Missing(operation, stream);
        if (answer.ExitCode != 0 || answer.IsCutOff) throw SlurmFailures.Unread(operation, commands, answer);
        return Read(answer.Output, from);
    }

    // Where the last lines begin, as many bytes as one answer may have.
    private async Task<string?> EndAsync(string stream, CancellationToken cancellationToken)
    {
        CommandAnswer answer = await commands.RunAsync(
            $"cd {ShellWord.Quote(place.Folder)} 2>/dev/null && wc -c <{stream}\n", "", s_limit, cancellationToken);
        return long.TryParse(answer.Text.Trim(), CultureInfo.InvariantCulture, out long size) && size > Page ? Position(size - Page) : null;
    }

    private const int NoFile = 66;

    // First a line with E if the attempt has ended, then one with its start, then the bytes from the position on. The end is looked for
    // before the bytes are read: what is there then is all.
    private string Script(string stream, long from) => string.Create(CultureInfo.InvariantCulture, $"""
        cd {ShellWord.Quote(place.Folder)} 2>/dev/null && [ -f {stream} ] || exit {NoFile}
        if [ -f {stream[..stream.LastIndexOf('/')]}/exit ]; then echo E; else echo R; fi
        cat {stream[..stream.LastIndexOf('/')]}/started 2>/dev/null || echo
        tail -c +{from + 1} {stream} | head -c {Page}

        """);

    /// <summary>The lines of an answer. A line without its end is left for the next time, unless nothing will follow.</summary>
    internal static GetLogEventsResponse Read(byte[] output, long from)
    {
        int first = Array.IndexOf(output, (byte)'\n');
        int second = Array.IndexOf(output, (byte)'\n', first + 1);
        if (first < 0 || second < 0) return new GetLogEventsResponse { Events = [], NextForwardToken = Position(from) };
        bool isOver = output[0] == (byte)'E';
        string[] started = Encoding.UTF8.GetString(output, first + 1, second - first - 1).Split(' ');
        long? at = started.Length > 1 && long.TryParse(started[1], CultureInfo.InvariantCulture, out long seconds) ? seconds * 1000 : null;
        ReadOnlySpan<byte> bytes = output.AsSpan(second + 1);
        int length = bytes.LastIndexOf((byte)'\n') + 1;
        if ((isOver && bytes.Length < Page) || length == 0 && bytes.Length == Page) length = bytes.Length;
        string text = Encoding.UTF8.GetString(bytes[..length]);
        string[] lines = text.Length == 0 ? [] : (text.EndsWith('\n') ? text[..^1] : text).Split('\n');
        return new GetLogEventsResponse
        {
            // The file has no times: all lines are of the attempt's start, in the order of the file.
            Events = [.. lines.Select(line => new OutputLogEvent { Timestamp = at, Message = line.TrimEnd('\r') })],
            NextForwardToken = Position(from + length),
        };
    }

    private static string Position(long at) => string.Create(CultureInfo.InvariantCulture, $"{Token}{at}");

    // Names are made by this program; anything else would be a path of the caller's own.
    private static bool IsStream(string stream) =>
        stream.Split('/') is [var id, .., var attempt, var file] && Guid.TryParseExact(id, "D", out _)
        && attempt.StartsWith("attempt-", StringComparison.Ordinal) && file.StartsWith("node-", StringComparison.Ordinal)
        && stream.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '-' or '.')
        && !stream.Contains("..", StringComparison.Ordinal);

    private static LogsException Missing(string operation, string stream) => new(
        operation, new AwsError(LogsException.ResourceNotFound, $"There is no log {stream}", System.Net.HttpStatusCode.BadRequest));

    private static BackendException NoTimes(string operation) => new(operation, new Problem
    {
        Code = "RF8208",
        What = "Lines of a log on Slurm have no time, so none can be left out by time",
        Cause = "The log is the file that the job writes",
        Cure = "Leave --since out; --tail and --attempt narrow it too.",
    });
}
