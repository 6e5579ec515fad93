using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Refrag.Aws.Batch;
using Refrag.Runners.Attempts;
using Refrag.Runners.Containers;

namespace Refrag.Runners.Tests.Containers;

/// <summary>What a container engine can do wrong, and what is sent to it.</summary>
public sealed class ContainerFaultTests : IAsyncDisposable
{
    private const string Here = """{"Id":"c1","State":{"Status":"exited","ExitCode":0}}""";
    private readonly CollectedOutput _output = new();
    private readonly ConcurrentDictionary<string, FakeAnswer> _answers = new()
    {
        ["GET /images"] = FakeAnswer.Json("{}"),
        ["POST /containers/create"] = FakeAnswer.Json("""{"Id":"c1"}""", 201),
        ["POST /containers/c1/start"] = FakeAnswer.Json("", 204),
        ["POST /containers/c1/wait"] = FakeAnswer.Json("""{"StatusCode":0}"""),
        ["GET /containers/c1/json"] = FakeAnswer.Json(Here),
        ["GET /containers/c1/logs"] = new FakeAnswer(200, []),
        ["DELETE /containers/"] = FakeAnswer.Json("", 204),
    };

    private readonly List<string> _bodies = [];
    private readonly FakeDocker _docker;
    private readonly ContainerRunner _runner;

    public ContainerFaultTests()
    {
        _docker = new FakeDocker(Answer);
        _runner = new ContainerRunner(new DockerApi(_docker.Path, TimeProvider.System), "a fake", "me", TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _runner.DisposeAsync();
        await _docker.DisposeAsync();
    }

    [Fact]
    public async Task Start_EverythingThatBatchCanSay_IsSent()
    {
        await EndAsync(Attempt() with
        {
            Command = ["run", "a b"],
            Environment = new Dictionary<string, string> { ["A"] = "1" },
            Limits = new AttemptLimits(new VCpus(2), new MebiBytes(64)),
            Gpus = [],
            Container = new ContainerProperties
            {
                Image = "busybox:1",
                User = "1000:1000",
                Privileged = true,
                ReadonlyRootFilesystem = true,
                Ulimits = [new Ulimit { Name = "nofile", SoftLimit = 10, HardLimit = 20 }],
                Volumes = [new Volume { Name = "data", Host = new Host { SourcePath = "/srv" } }, new Volume { Name = "scratch" }],
                MountPoints = [new MountPoint { SourceVolume = "data", ContainerPath = "/data", ReadOnly = true },
                    new MountPoint { SourceVolume = "scratch", ContainerPath = "/scratch" }],
                LinuxParameters = new LinuxParameters
                {
                    InitProcessEnabled = true,
                    SharedMemorySize = 128,
                    MaxSwap = 32,
                    Swappiness = 50,
                    Tmpfs = [new Tmpfs { ContainerPath = "/t", Size = 16, MountOptions = ["noexec"] }],
                    Devices = [new Device { HostPath = "/dev/fuse", Permissions = ["READ", "WRITE", "MKNOD"] }],
                },
            },
        });
        Assert.Equal(
            """{"Image":"busybox:1","Cmd":["run","a b"],"Env":["A=1"],"User":"1000:1000","Labels":"""
                + """{"refrag.attempt":"key","refrag.owner":"me"},"HostConfig":{"NetworkMode":"host","Memory":67108864,"MemorySwap":"""
                + """100663296,"MemorySwappiness":50,"CpuShares":2048,"Ulimits":[{"Name":"nofile","Soft":10,"Hard":20}],"ReadonlyRootfs":"""
                + """true,"Privileged":true,"Init":true,"ShmSize":134217728,"Binds":["/srv:/data:ro"],"Mounts":"""
                + """[{"Type":"volume","Target":"/scratch","ReadOnly":false}],"Tmpfs":{"/t":"noexec,size=16m"},"Devices":"""
                + """[{"PathOnHost":"/dev/fuse","PathInContainer":"/dev/fuse","CgroupPermissions":"rwm"}]}}""",
            Assert.Single(_bodies));
        Assert.Contains("POST /containers/create?name=refrag-me-key", _docker.Requests);
    }

    [Fact]
    public async Task Start_GpusAreIgnored_IsRefusedAndTheContainerRemoved()
    {
        AttemptExit exit = await EndAsync(Attempt() with { Gpus = ["0"] });
        Assert.StartsWith("CannotStartContainerError: RF4033", exit.Reason, StringComparison.Ordinal);
        Assert.Contains("""{"Driver":"","DeviceIDs":["0"],"Capabilities":[["gpu"]]}""", _bodies[0], StringComparison.Ordinal);
        Assert.DoesNotContain("POST /containers/c1/start", _docker.Requests);
        Assert.Contains("DELETE /containers/c1?force=true&v=true", _docker.Requests);
    }

    [Fact]
    public async Task Start_GpusAreTaken_Runs()
    {
        _answers["GET /containers/c1/json"] =
            FakeAnswer.Json(
                """{"Id":"c1","State":{"Status":"exited","ExitCode":0},"HostConfig":{"DeviceRequests":[{"DeviceIDs":["0"],"Capabilities":"""
                    + """[["gpu"]]}]}}""");
        Assert.Equal(0, (await EndAsync(Attempt() with { Gpus = ["0"] })).ExitCode);
    }

    [Theory]
    [InlineData("POST /images/create", 404, """{"message":"pull access denied for none, repository does not exist"}""",
        "CannotPullContainerError: pull access denied for none, repository does not exist")]
    [InlineData(
        "POST /images/create", 200, """{"status":"Pulling"}|{"error":"manifest unknown"}""", "CannotPullContainerError: manifest unknown")]
    [InlineData("POST /containers/create", 409, """{"message":"name is in use"}""", "CannotCreateContainerError: name is in use")]
    [InlineData("POST /containers/c1/start", 400, """{"message":"exec: no such file"}""", "CannotStartContainerError: exec: no such file")]
    [InlineData("POST /containers/c1/start", 500, "not JSON", "CannotStartContainerError: not JSON")]
    public async Task Start_EngineRefuses_ReasonIsItsOwn(string request, int status, string body, string expected)
    {
        _answers["GET /images"] =
            FakeAnswer.Json("""{"message":"no such image"}""", request.Contains("images", StringComparison.Ordinal) ? 404 : 200);
        _answers[request] = FakeAnswer.Json(body.Replace('|', '\n'), status);
        AttemptExit exit = await EndAsync(Attempt());
        Assert.Equal((null, expected, false), (exit.ExitCode, exit.Reason, exit.Started));
    }

    [Theory]
    [InlineData("GET /images")]
    [InlineData("POST /images/create")]
    [InlineData("POST /containers/create")]
    [InlineData("POST /containers/c1/start")]
    public async Task Start_EngineGoesAway_WaitsForItAndSaysSo(string request)
    {
        _answers["GET /images"] = FakeAnswer.Json("{}", 404);
        _answers["POST /images/create"] = FakeAnswer.Json("""{"status":"Downloaded"}""");
        _answers["GET /containers/refrag-me-key/json"] = FakeAnswer.Json("""{"Id":"c1","State":{"Status":"created"}}""");
        FakeAnswer answer = _answers[request];
        _answers[request] = FakeAnswer.Broken;
        List<string> delays = [];
        AttemptExit exit = await EndAwayAsync(Attempt() with { Delayed = Come });
        Assert.Equal(0, exit.ExitCode);
        Assert.StartsWith("The container engine does not answer", Assert.Single(delays), StringComparison.Ordinal);
        Assert.Equal(request == "POST /containers/create" ? 2 : 1 + (request.EndsWith("start", StringComparison.Ordinal) ? 1 : 0),
            Count("POST /containers/create"));

        void Come(string reason)
        {
            delays.Add(reason);
            _answers[request] = answer;
        }
    }

    [Fact]
    public async Task Start_PullBreaksOff_IsTakenUpAgain()
    {
        _answers["GET /images"] = FakeAnswer.Json("{}", 404);
        _answers["POST /images/create"] = FakeAnswer.Json("""{"status":"Pulling"}""") with { Missing = 10 };
        AttemptExit exit =
            await EndAwayAsync(
                Attempt() with { Delayed = _ => _answers["POST /images/create"] = FakeAnswer.Json("""{"status":"Downloaded"}""") });
        Assert.Equal((0, 2), (exit.ExitCode, Count("POST /images/create")));
    }

    [Fact]
    public async Task Start_AnswerIsLostButTheContainerRuns_IsTakenOverAndNotStartedTwice()
    {
        _answers["POST /containers/c1/start"] = FakeAnswer.Broken;
        _answers["GET /containers/refrag-me-key/json"] = FakeAnswer.Json("""{"Id":"c1","State":{"Status":"running","Running":true}}""");
        AttemptExit exit = await EndAwayAsync(Attempt());
        Assert.Equal((0, 1, 1), (exit.ExitCode, Count("POST /containers/create"), Count("GET /containers/refrag-me-key/json")));
    }

    [Fact]
    public async Task Adopt_EngineIsAway_WaitsForIt()
    {
        _answers["GET /containers/refrag-me-key/json"] = FakeAnswer.Broken;
        var time = new FakeTimeProvider();
        await using ContainerRunner runner = RunnerBy(time);
        Task<Adoption> adopting = runner.AdoptAsync(new AttemptIdentity("key"), _output, Token);
        await Eventually.HoldsAsync(() => Count("GET /containers/refrag-me-key/json") > 0);
        _answers["GET /containers/refrag-me-key/json"] = FakeAnswer.Json("""{"Id":"c1","State":{"Status":"running","Running":true}}""");
        Assert.Equal(AdoptionState.Found, (await time.AdvanceUntil(adopting)).State);
    }

    [Fact]
    public async Task Exit_EngineIsAwayForLong_AttemptIsNotLost()
    {
        var asked = 0;
        _wait = () => asked++ < 200 ? FakeAnswer.Broken : FakeAnswer.Json("""{"StatusCode":0}""");
        Assert.Equal(0, (await EndAwayAsync(Attempt())).ExitCode);
    }

    [Fact]
    public async Task Start_PullReportsItsProgress_ItIsPassedOn()
    {
        _answers["GET /images"] = FakeAnswer.Json("{}", 404);
        _answers["POST /images/create"] = FakeAnswer.Json("""{"status":"Downloading","id":"abc","progress":"[=>  ]"}""");
        List<string> progress = [];
        await EndAsync(Attempt() with { Progress = progress.Add });
        Assert.Equal(["abc Downloading [=>  ]"], progress);
        Assert.Contains("POST /images/create?fromImage=busybox%3Alatest", _docker.Requests);
    }

    [Fact]
    public async Task Exit_LogStreamBreaksOff_IsTakenUpAgainWithoutLossOrDoubles()
    {
        byte[] all = [.. Frame(1, "2026-11-22T21:24:41Z one\n"), .. Frame(1, "2026-11-22T21:24:41Z two\n"),
            .. Frame(2, "2026-11-22T21:24:42Z three\n"), .. Frame(1, "2026-11-22T21:24:42.5Z four\n")];
        int cut = all.Length / 2;
        var asked = 0;
        _logs = () => asked++ == 0 ? new FakeAnswer(200, all[..cut], Missing: 10) : new FakeAnswer(200, all);
        await EndAsync(Attempt());
        Assert.Equal((["one", "two", "four"], ["three"]), (_output.Out.ToArray(), _output.Error.ToArray()), TupleOfLists);
        Assert.Equal(["0", "1795382681"],
            _docker.Requests
                .Where(request => request.Contains("/logs", StringComparison.Ordinal)).Select(request => request.Split("since=")[1]));
    }

    [Fact]
    public async Task Exit_LogStreamEndsBeforeTheContainer_IsReadAgainAfterIt()
    {
        byte[] first = Frame(1, "2026-11-22T21:24:41Z one\n");
        int asked = 0;
        _logs = () => new FakeAnswer(
            200, Interlocked.Increment(ref asked) == 1 ? first : [.. first, .. Frame(1, "2026-11-22T21:24:42Z two\n")]);
        // The container's end is known later than the stream's.
        _wait = () => Volatile.Read(ref asked) == 0 ? FakeAnswer.Broken : FakeAnswer.Json("""{"StatusCode":3}""");
        _answers["GET /containers/c1/json"] = FakeAnswer.Json("""{"Id":"c1","State":{"Status":"exited","ExitCode":3}}""");
        await EndAsync(Attempt());
        Assert.Equal(["one", "two"], _output.Out);
    }

    [Fact]
    public async Task Exit_WaitBreaksOff_IsAskedAgain()
    {
        var asked = 0;
        _wait = () => asked++ == 0 ? FakeAnswer.Broken : FakeAnswer.Json("""{"StatusCode":3}""");
        _answers["GET /containers/c1/json"] = FakeAnswer.Json("""{"Id":"c1","State":{"Status":"exited","ExitCode":3}}""");
        Assert.Equal(3, (await EndAsync(Attempt())).ExitCode);
    }

    [Fact]
    public async Task Exit_ContainerIsRemovedMeanwhile_SaysSo()
    {
        _answers["POST /containers/c1/wait"] = FakeAnswer.Json("""{"message":"no such container"}""", 404);
        AttemptExit exit = await EndAsync(Attempt());
        Assert.Equal((null, "Host EC2 (instance localhost) terminated: the container was removed."), (exit.ExitCode, exit.Reason));
    }

    [Fact]
    public async Task Exit_OutOfMemory_SaysSoInBatchsWords()
    {
        _answers["GET /containers/c1/json"] =
            FakeAnswer.Json("""{"Id":"c1","State":{"Status":"exited","ExitCode":137,"OOMKilled":true}}""");
        Assert.Equal(new AttemptExit(137, "OutOfMemoryError: Container killed due to memory usage"), await EndAsync(Attempt()));
    }

    [Theory]
    [InlineData("efs", "RF4032 volume v is on AWS")]
    [InlineData("image", "RF4031")]
    [InlineData("secret", "RF4032 secrets")]
    public async Task Start_WhatOnlyAwsHas_IsRefused(string what, string expected)
    {
        var container = new ContainerProperties { Image = what == "image" ? null : "busybox" };
        if (what == "efs")
            container = container with
            {
                Volumes = [new Volume { Name = "v", EfsVolumeConfiguration = new EFSVolumeConfiguration { FileSystemId = "fs-1" } }],
            };
        if (what == "secret") container = container with { Secrets = [new Secret { Name = "S", ValueFrom = "arn" }] };
        AttemptExit exit = await EndAsync(Attempt() with { Container = container });
        Assert.StartsWith("CannotCreateContainerError: " + expected, exit.Reason, StringComparison.Ordinal);
        Assert.Empty(_docker.Requests);
    }

    [Fact]
    public async Task Start_SecretWithAValue_IsAVariable()
    {
        AttemptExit exit = await EndAsync(Attempt() with
        {
            Container = new ContainerProperties { Image = "busybox", Secrets = [new Secret { Name = "S", ValueFrom = "arn" }] },
            Environment = new Dictionary<string, string> { ["S"] = "value" },
        });
        Assert.Null(exit.Reason);
        Assert.NotEmpty(_docker.Requests);
    }

    [Theory]
    [InlineData("created", AdoptionState.NeverStarted)]
    [InlineData("running", AdoptionState.Found)]
    [InlineData("exited", AdoptionState.Found)]
    public async Task Adopt_ByState_SaysWhatItIs(string status, object expected)
    {
        _answers["GET /containers/refrag-me-key/json"] =
            FakeAnswer.Json(
                $$$"""{"Id":"c1","State":{"Status":"{{{status}}}","Running":{{{(status == "running" ? "true" : "false")}}}}}""");
        Assert.Equal(expected, (await _runner.AdoptAsync(new AttemptIdentity("key"), _output, Token)).State);
        Assert.Equal(status == "created", _docker.Requests.Contains("DELETE /containers/c1?force=true&v=true"));
    }

    [Fact]
    public async Task Adopt_NoContainer_NeverStarted()
    {
        _answers["GET /containers/refrag-me-key/json"] = FakeAnswer.Json("{}", 404);
        Assert.Equal(AdoptionState.NeverStarted, (await _runner.AdoptAsync(new AttemptIdentity("key"), _output, Token)).State);
    }

    [Fact]
    public async Task Sweep_RemovesOnlyWhatIsNotKnown()
    {
        _answers["GET /containers/json"] =
            FakeAnswer.Json(
                """[{"Id":"a","Labels":{"refrag.attempt":"known"}},{"Id":"b","Labels":{"refrag.attempt":"left"}},{"Id":"c"}]""");
        _answers["GET /volumes"] =
            FakeAnswer.Json(
                """{"Volumes":[{"Name":"v","Labels":{"refrag.attempt":"known"}},{"Name":"w","Labels":{"refrag.attempt":"left"}},"""
                    + """{"Name":"x"}]}""");
        await _runner.SweepAsync(new HashSet<AttemptIdentity> { new("known") }, Token);
        Assert.Contains("refrag.owner%3Dme", _docker.Requests.First(), StringComparison.Ordinal);
        Assert.Equal(["DELETE /containers/b?force=true&v=true", "DELETE /volumes/w"],
            _docker.Requests.Where(request => request.StartsWith("DELETE", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("auto", RunnerKind.Container, "Jobs run in containers of Docker 27.0 at ")]
    [InlineData("container", RunnerKind.Container, "as asked.")]
    [InlineData("process", RunnerKind.Process, "Jobs run as processes on this machine, as asked.")]
    [InlineData("simulated", RunnerKind.Simulated, "nothing is run, as asked.")]
    public async Task Choose_SocketAnswers_TakesWhatWasAskedFor(string name, RunnerKind kind, string says)
    {
        _answers["GET /version"] = FakeAnswer.Json("""{"Version":"27.0","ApiVersion":"1.47","MinAPIVersion":"1.24"}""");
        ChosenRunner chosen = (await RunnerChoice.MakeAsync(name, Settings(_docker.Path), Token)).Value;
        await using IRunner runner = chosen.Runner;
        Assert.Equal(kind, chosen.Report.Kind);
        Assert.Contains(says, chosen.Report.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Choose_NoEngineAnswers_AutoTakesProcessesAndSaysWhy()
    {
        ChosenRunner chosen = (await RunnerChoice.MakeAsync("auto", Settings("/no/such.sock"), Token)).Value;
        await using IRunner runner = chosen.Runner;
        Assert.Equal(
            "Jobs run as processes on this machine, because no container engine answers (tried /no/such.sock).", chosen.Report.Summary);
        Assert.Equal("RF4015", Assert.Single((await RunnerChoice.MakeAsync("container", Settings("/no/such.sock"), Token)).Problems).Code);
        Assert.Equal("RF4014", Assert.Single((await RunnerChoice.MakeAsync("vm", Settings("/no/such.sock"), Token)).Problems).Code);
    }

    [Fact]
    public async Task Choose_SocketHangs_AutoContinues()
    {
        _answers["GET /version"] = new FakeAnswer(200, [], Hangs: true);
        var time = new FakeTimeProvider();
        Task<Result<ChosenRunner>> choosing = RunnerChoice.MakeAsync("auto", Settings(_docker.Path) with { Time = time }, Token);
        await Eventually.HoldsAsync(() => !_docker.Requests.IsEmpty);
        time.Advance(TimeSpan.FromSeconds(30));
        await using IRunner runner = (await choosing.Soon()).Value.Runner;
        Assert.Equal(RunnerKind.Process, runner.Report.Kind);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static readonly IEqualityComparer<(string[], string[])> TupleOfLists =
        EqualityComparer<(string[], string[])>.Create((a, b) => a.Item1.SequenceEqual(b.Item1) && a.Item2.SequenceEqual(b.Item2));

    private Func<FakeAnswer>? _logs;
    private Func<FakeAnswer>? _wait;

    private static RunnerSettings Settings(string socket) =>
        new() { Time = TimeProvider.System, Variables = new Dictionary<string, string> { ["DOCKER_HOST"] = "unix://" + socket } };

    private static AttemptStart Attempt() => new()
    {
        Command = [],
        Environment = new Dictionary<string, string>(),
        WorkingDirectory = "/",
        Identity = new AttemptIdentity("key"),
        Container = new ContainerProperties { Image = "busybox" },
    };

    private static byte[] Frame(byte source, string text)
    {
        byte[] frame = new byte[8 + Encoding.UTF8.GetByteCount(text)];
        frame[0] = source;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), frame.Length - 8);
        Encoding.UTF8.GetBytes(text, frame.AsSpan(8));
        return frame;
    }

    private int Count(string request) => _docker.Requests.Count(one => one.StartsWith(request, StringComparison.Ordinal));

    private ContainerRunner RunnerBy(TimeProvider time) => new(new DockerApi(_docker.Path, TimeProvider.System), "a fake", "me", time);

    private async Task<AttemptExit> EndAwayAsync(AttemptStart start)
    {
        var time = new FakeTimeProvider();
        await using ContainerRunner runner = RunnerBy(time);
        IRunningAttempt attempt = await time.AdvanceUntil(runner.StartAsync(start, _output, Token));
        return await time.AdvanceUntil(attempt.Exit);
    }

    private async Task<AttemptExit> EndAsync(AttemptStart start) => await (await _runner.StartAsync(start, _output, Token)).Exit.Soon();

    private FakeAnswer Answer(string request, string body)
    {
        if (body.Length > 0) lock (_bodies) _bodies.Add(body);
        if (_logs is not null && request.Contains("/logs", StringComparison.Ordinal)) return _logs();
        if (_wait is not null && request.Contains("/wait", StringComparison.Ordinal)) return _wait();
        return _answers.FirstOrDefault(pair => request.StartsWith(pair.Key, StringComparison.Ordinal)).Value
            ?? FakeAnswer.Json("""{"message":"no such thing"}""", 404);
    }
}
