using System.Net.Sockets;
using System.Text;

namespace Refrag.ShippedApps.Hello;

/// <summary>A worker other than rank 0: greets, stays connected, goes when it is let go.</summary>
internal sealed class OtherNode(AppRun run, HelloSettings settings)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private readonly Worker _worker = run.Worker;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(settings.GatherTimeout, run.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        string last = "no answer";
        try
        {
            for (TimeSpan wait = FirstWait; ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
            {
                Attempt attempt = await TryGreetAsync(limit.Token, cancellationToken);
                if (attempt.ExitCode is { } exitCode) return exitCode;
                last = attempt.Failure;
                await Task.Delay(wait, run.Time, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return run.Fail(Unreachable(last));
        }
    }

    // The end of one connection: an exit code where it decides, a failure where another try may do better.
    private readonly record struct Attempt(int? ExitCode, string Failure);

    private async Task<Attempt> TryGreetAsync(CancellationToken limit, CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        LineReader lines;
        try
        {
            // A host that swallows packets must not use up the whole time in one try.
            using var patience = new CancellationTokenSource(Wire.Patience, run.Time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit, patience.Token);
            await socket.ConnectAsync(_worker.MainAddress, _worker.MainPort, both.Token);
            Wire.KeepAlive(socket);
            var stream = new NetworkStream(socket);
            await stream.WriteAsync(Greeting.Of(run, settings).ToLine(), both.Token);
            lines = new LineReader(stream);
            string? answer = await ReadAsync(lines, both.Token);
            if (answer?.StartsWith(Wire.Refused, StringComparison.Ordinal) == true)
                return new(run.Fail(Refused(answer[Wire.Refused.Length..])), "");
            if (answer != Wire.Welcome)
                return new(null, answer is null ? "it closed the connection" : "something else than hello_dist answered");
        }
        catch (Exception exception) when (Wire.IsBroken(exception)
            || (exception is OperationCanceledException && !limit.IsCancellationRequested))
        {
            return new(null, exception is OperationCanceledException ? "it did not answer" : exception.Message);
        }
        await run.Output.WriteLineAsync($"{Me}: greeted rank 0 at {_worker.MainAddress}:{_worker.MainPort}".AsMemory(), cancellationToken);
        return new(await StayAsync(lines, cancellationToken), "");
    }

    private string Me => $"rank {_worker.Rank}/{_worker.WorldSize} on {Environment.MachineName}";

    private async Task<int> StayAsync(LineReader lines, CancellationToken cancellationToken)
    {
        string? word = null;
        try
        {
            word = await ReadAsync(lines, cancellationToken);
        }
        catch (Exception exception) when (Wire.IsBroken(exception))
        {
            // Reported below, as an end of the stream is.
        }
        if (word == Wire.Release) return AppExitCodes.Success;
        return run.Fail(word?.StartsWith(Wire.Abort, StringComparison.Ordinal) == true ? Aborted(word[Wire.Abort.Length..]) : MainLost());
    }

    private static async Task<string?> ReadAsync(LineReader lines, CancellationToken cancellationToken) =>
        await lines.ReadAsync(cancellationToken) is { } line ? Encoding.UTF8.GetString(line) : null;

    private Problem Unreachable(string last) => new()
    {
        Code = "RF7104",
        What = $"{Me} could not greet rank 0 at {_worker.MainAddress}:{_worker.MainPort} within {settings.GatherTimeout.TotalSeconds} s",
        Cause = $"The last try: {last}",
        Cure = "See whether rank 0 runs, and whether the security group lets the job's nodes reach one another; or raise gather_timeout",
    };

    private Problem Refused(string reason) => new()
    {
        Code = "RF7105",
        What = $"{Me} was refused by rank 0 at {_worker.MainAddress}:{_worker.MainPort}",
        Cause = reason,
        Cure = "Give each job that runs at the same time on one machine a MASTER_PORT of its own, and each worker a place of its own",
    };

    private Problem Aborted(string reason) => new()
    {
        Code = "RF7106",
        What = $"rank 0 stopped {Me}",
        Cause = reason,
        Cure = "Look at the log of rank 0",
    };

    private Problem MainLost() => new()
    {
        Code = "RF7106",
        What = $"{Me} lost rank 0 before it was let go",
        Cause = "The connection broke",
        Cure = "Look at the log of rank 0 for how it ended",
    };
}
