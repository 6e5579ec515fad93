using System.Text.Json.Nodes;
using Refrag.Cli.Context;
using Refrag.Cli.Following;

namespace Refrag.Cli.Tests.Following;

/// <summary>Notifications, to what answers well, wrongly, late or not at all.</summary>
public sealed class NotifierTests : IDisposable
{
    private readonly TestProgram _program = new(("PATH", Environment.GetEnvironmentVariable("PATH") ?? ""));
    private readonly RetryTime _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private CliContext Context => _program.Context with { Time = _time };

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task SendAsync_Url_GetsOneRequestWithTheWork()
    {
        await using HookServer hook = new();

        await SendAsync(hook.Url);

        string request = Assert.Single(hook.Requests);
        Assert.StartsWith($"POST /services/{HookServer.Secret}/B0 HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/json; charset=utf-8\r\n", request, StringComparison.Ordinal);
        Assert.Contains("Connection: close\r\n", request, StringComparison.Ordinal);
        JsonNode body = JsonNode.Parse(Assert.Single(hook.Bodies))!;
        Assert.Equal("train: all 2 jobs succeeded in 12m 3s, at least $1.54, measured", (string?)body["text"]);
        Assert.Equal(("succeeded", 2), ((string?)body["state"], (int?)body["jobs"]));
        Assert.Empty(_program.Error);
    }

    [Fact]
    public async Task SendAsync_UnavailableTwice_IsSentTheThirdTime()
    {
        await using HookServer hook = new(HookServer.Answer(503), HookServer.Answer(429), HookServer.Taken);

        await SendAsync(hook.Url);

        Assert.Equal(3, hook.Requests.Count);
        Assert.Single(hook.Bodies.Distinct());
        Assert.Equal([1, 4], _time.Pauses.Select(pause => pause.TotalSeconds));
        Assert.Empty(_program.Error);
    }

    [Theory]
    [InlineData("HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n", 1, "the answer was 404")]
    [InlineData("HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n", 3, "the answer was 500, 3 times")]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n", 3, "what answers does not speak HTTP, 3 times")]
    [InlineData("", 3, "the connection was closed without an answer, 3 times")]
    public async Task SendAsync_WrongAnswer_IsReportedOnceWithoutTheSecret(string answer, int requests, string why)
    {
        await using HookServer hook = new(answer);

        await SendAsync(hook.Url);

        Assert.Equal(requests, hook.Requests.Count);
        AssertReported($"was not sent: {why}\n");
    }

    [Fact]
    public async Task SendAsync_Redirection_IsNotFollowed()
    {
        await using HookServer other = new();
        await using HookServer hook = new(HookServer.Answer(302, $"Location: {other.Url}"));

        await SendAsync(hook.Url);

        Assert.Single(hook.Requests);
        Assert.Empty(other.Requests);
        AssertReported("the answer was 302, and redirections are not followed\n");
    }

    [Fact]
    public async Task SendAsync_NothingListens_IsReportedOnce()
    {
        await SendAsync(HookServer.ClosedUrl);

        AssertReported("the connection was refused or did not come about, 3 times\n");
    }

    [Fact]
    public async Task SendAsync_NoAnswer_IsGivenUpAtTheLimit()
    {
        await using HookServer hook = new(HookServer.Silence);
        using TestProgram program = new();

        // On its clock every limit is reached at once.
        Notifier notifier = (await Notifier.ReadAsync(program.Context, [hook.Url], Stop)).Value;
        await notifier.SendAsync(EndedWorkTests.Work(1, 1, 0, 0, 0), Stop);

        Assert.Contains("was not sent: no answer within 8 s, 3 times\n", program.Error, StringComparison.Ordinal);
        Assert.Equal([8, 1, 8, 4, 8], program.Time.Waits.Select(wait => wait.TotalSeconds));
    }

    [Fact]
    public async Task SendAsync_BodyWithoutAnEnd_IsNotRead()
    {
        await using HookServer hook = new("HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\nok");

        await SendAsync(hook.Url);

        Assert.Single(hook.Requests);
        Assert.Empty(_program.Error);
    }

    [Fact]
    public async Task SendAsync_Command_GetsTheTextAndTheVariables()
    {
        await SendAsync("cat; echo \"$REFRAG_NOTIFY_NAME $REFRAG_NOTIFY_STATE $REFRAG_NOTIFY_SUCCEEDED/$REFRAG_NOTIFY_JOBS\" "
            + "\"$REFRAG_NOTIFY_EXIT_CODE $REFRAG_NOTIFY_SECONDS $REFRAG_NOTIFY_USD_AT_LEAST $REFRAG_NOTIFY_JOB_IDS\"");

        // Its output is not refrag's result.
        Assert.Empty(_program.Output);
        Assert.Equal(
            "train: all 2 jobs succeeded in 12m 3s, at least $1.54, measured\ntrain succeeded 2/2 0 723 1.54 id\n", _program.Error);
    }

    [Fact]
    public async Task SendAsync_Script_RunsInTheUsersFolder()
    {
        string script = _program.Folder.At("notify.sh");
        await File.WriteAllTextAsync(script, "#!/bin/sh\nprintf %s \"$REFRAG_NOTIFY_JSON\" >sent\n", Stop);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        await SendAsync("./notify.sh");

        Assert.Equal("train", (string?)JsonNode.Parse(await File.ReadAllTextAsync(_program.Folder.At("sent"), Stop))!["name"]);
    }

    [Fact]
    public async Task SendAsync_CommandFails_IsReportedOnceWithoutItsWords()
    {
        await SendAsync($"exit 3; echo {HookServer.Secret}");

        AssertReported("The notification to the command exit … was not sent: it ended with exit code 3\n");
    }

    [Theory]
    [InlineData("TOKEN=T0SECRET; exit 3")]
    [InlineData("TOKEN=T0SECRET sh -c 'exit 3'")]
    public async Task SendAsync_CommandThatBeginsWithAVariable_IsReportedWithoutIt(string line)
    {
        await SendAsync(line);

        AssertReported("The notification to the command was not sent: it ended with exit code 3\n");
    }

    [Fact]
    public async Task SendAsync_SeveralTargets_GoToEach()
    {
        await using HookServer one = new();
        await using HookServer other = new();

        await SendAsync(one.Url, other.Url, "cat >/dev/null", one.Url);

        Assert.Equal((1, 1), (one.Requests.Count, other.Requests.Count));
    }

    [Theory]
    [InlineData("ftp://host/T0SECRET", "RF8070", "ftp: is not http or https")]
    [InlineData("mailto:ann@T0SECRET", "RF8070", "mailto: is not http or https")]
    [InlineData("https://", "RF8070", "it is not a URL")]
    [InlineData("https://ann:T0SECRET@host/", "RF8070", "user or a password")]
    [InlineData("hooks.slack.com/services/T0/B0/T0SECRET", "RF8070", "does not begin with https://")]
    [InlineData("'hooks.slack.com/services/T0SECRET'", "RF8070", "does not begin with https://")]
    [InlineData("https:/hooks/T0SECRET", "RF8070", "does not begin with https://")]
    [InlineData("localhost:8065/hooks/T0SECRET", "RF8070", "does not begin with https://")]
    [InlineData("//hooks.slack.com/T0SECRET", "RF8070", "does not begin with https://")]
    [InlineData("TOKEN=T0SECRET ./no-such-file", "RF8071", "does not find: ./no-such-file")]
    [InlineData("no-such-folder/T0SECRET", "RF8071", "does not find: its first word")]
    [InlineData("", "RF8072", "names nothing")]
    [InlineData("no-such-program T0SECRET", "RF8071", "does not find: no-such-program")]
    [InlineData("./no-such-file T0SECRET", "RF8071", "does not find: ./no-such-file")]
    [InlineData("./no-such-file\nT0SECRET", "RF8071", "does not find: ./no-such-file")]
    public async Task ReadAsync_WrongTarget_IsRefusedWithoutTheSecret(string target, string code, string what)
    {
        Problem problem = Assert.Single((await Notifier.ReadAsync(Context, [target], Stop)).Problems);

        Assert.Equal(code, problem.Code);
        Assert.Contains(what, problem.What, StringComparison.Ordinal);
        Assert.DoesNotContain(HookServer.Secret, ProblemText.Render(problem), StringComparison.Ordinal);
    }

    private async Task SendAsync(params string[] targets)
    {
        Result<Notifier> read = await Notifier.ReadAsync(Context, targets, Stop);
        Assert.True(read.IsSuccess, string.Join('\n', read.Problems));
        await read.Value.SendAsync(EndedWorkTests.Work(2, 2, 0, 0, 0), Stop);
    }

    private void AssertReported(string end)
    {
        Assert.Contains(end, _program.Error, StringComparison.Ordinal);
        Assert.StartsWith("warning RF8074 ", _program.Error, StringComparison.Ordinal);
        Assert.Equal(2, _program.Error.Split("RF8074").Length);
        Assert.DoesNotContain(HookServer.Secret, _program.Error, StringComparison.Ordinal);
    }

    /// <summary>A clock on which the pauses between tries end at once, and the limits of a try never.</summary>
    private sealed class RetryTime : TimeProvider
    {
        private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(4);

        public List<TimeSpan> Pauses { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            bool isPause = dueTime <= s_longestPause;
            if (isPause) Pauses.Add(dueTime);
            return System.CreateTimer(callback, state, isPause ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, period);
        }
    }
}
