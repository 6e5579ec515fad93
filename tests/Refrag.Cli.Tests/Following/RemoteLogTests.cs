using System.Net;
using Refrag.Apps;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Logs;
using Refrag.Cli.Context;
using Refrag.Cli.Following;
using Refrag.Launching;

namespace Refrag.Cli.Tests.Following;

public sealed class RemoteLogTests : IDisposable
{
    private static readonly JobDetail s_running = Job("RUNNING");
    private static readonly JobDetail s_ended = Job("SUCCEEDED");
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly PassingTime _time = new();
    private readonly Signals _signals = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _signals.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task ReadAsync_SeveralPages_PrintsEachLineOnceAndContinuesWhereItStopped()
    {
        FakeLogs logs = new FakeLogs().Lines("a", "b").Lines("c").Lines();
        RemoteLog log = Of(logs);

        await log.ReadAsync(s_running, Stop);
        logs.Lines("d");
        await log.ReadAsync(s_running, Stop);

        Assert.Equal("a\nb\nc\nd\n", _output.ToString());
        Assert.Equal([null, "f/2", "f/3", "f/3", "f/4"], logs.Asked);
        Assert.Empty(_time.Waits);
    }

    [Fact]
    public async Task ReadAsync_JobEnded_WaitsForLinesThatComeLateInPieces()
    {
        FakeLogs logs = new FakeLogs().Lines("a").Lines().Lines().Lines().Lines("late").Lines().Lines().Lines().Lines("later");

        await Of(logs).ReadAsync(s_ended, Stop);

        Assert.Equal("a\nlate\nlater\n", _output.ToString());
    }

    [Fact]
    public async Task ReadAsync_JobEndedAndQuiet_StopsByItself()
    {
        await Of(new FakeLogs().Lines("a")).ReadAsync(s_ended, Stop);

        Assert.InRange(_time.Waits.Sum(wait => wait.TotalSeconds), 5, 10);
    }

    [Fact]
    public async Task ReadAsync_StreamNotThereYet_IsNoFailure()
    {
        FakeLogs logs = new FakeLogs().Fails(Failure(LogsException.ResourceNotFound, HttpStatusCode.BadRequest));
        RemoteLog log = Of(logs);

        await log.ReadAsync(s_running, Stop);
        logs.Lines("a");
        await log.ReadAsync(s_running, Stop);

        Assert.Equal("a\n", _output.ToString());
        Assert.Empty(_error.ToString());
    }

    [Fact]
    public async Task ReadAsync_Throttled_ContinuesFromTheSamePosition()
    {
        FakeLogs logs = new FakeLogs().Lines("a").Fails(Failure("ThrottlingException", HttpStatusCode.BadRequest));
        RemoteLog log = Of(logs);

        await log.ReadAsync(s_running, Stop);
        logs.Lines("b");
        await log.ReadAsync(s_running, Stop);

        Assert.Equal("a\nb\n", _output.ToString());
        Assert.Equal([null, "f/1", "f/1", "f/2"], logs.Asked);
    }

    [Fact]
    public async Task ReadAsync_NotAllowed_SaysSoOnceAndAsksNoMore()
    {
        FakeLogs logs = new FakeLogs().Fails(Failure("AccessDeniedException", HttpStatusCode.BadRequest));
        RemoteLog log = Of(logs);

        await log.ReadAsync(s_running, Stop);
        await log.ReadAsync(s_ended, Stop);

        Assert.Single(logs.Asked);
        Assert.Contains("RF3007", _error.ToString(), StringComparison.Ordinal);
    }

    private RemoteLog Of(FakeLogs logs)
    {
        var context = new CliContext
        {
            Terminal = new Cli.Terminal.Terminal(_output, _error, static _ => null, outputIsTerminal: false, errorIsTerminal: false),
            Apps = new AppRegistry(),
            Time = _time,
            Variable = static _ => null,
            WorkingDirectory = "/",
            Signals = _signals,
        };
        return new RemoteLog(
            logs, new JobHandle(new NoBatch(), _time, "id", "name"), context, toError: false, new JobLogs.LogChoice().Late);
    }

    private static JobDetail Job(string status) =>
        new() { JobId = "id", Status = status, Container = new ContainerDetail { LogStreamName = "name/default/1" } };

    private static LogsException Failure(string code, HttpStatusCode status) => new("GetLogEvents", new AwsError(code, "no", status));

    /// <summary>A job of one container is never asked for its parts.</summary>
    private sealed class NoBatch : IAwsTransport
    {
        public Task<TResponse> SendAsync<TRequest, TResponse>(
            AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
            where TRequest : class
            where TResponse : class => throw new NotSupportedException();
    }
}
