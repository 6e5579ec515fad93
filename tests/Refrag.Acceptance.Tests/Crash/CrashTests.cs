using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Refrag.Acceptance.Tests.Crash;

/// <summary>
/// Kills the server with SIGKILL at random moments under load, again and again on one state: no acknowledged job is lost or doubled, and
/// each ends as its rules allow. Some lives have a full disk, and some another clock than the one before. <c>REFRAG_CRASH_ROUNDS</c> (10)
/// says how often, <c>REFRAG_CRASH_SEED</c> repeats the choices of a run.
/// </summary>
public sealed class CrashTests : IDisposable
{
    private const int Submitters = 4;
    private const int SubmissionsEach = 5;
    private const int FullDiskEvery = 10;
    private static readonly TimeSpan s_longestLife = TimeSpan.FromMilliseconds(900);
    // How much is left after many rounds depends on the machine; that nothing of it changes any more does not.
    private static readonly TimeSpan s_standstill = Eventually.Limit;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("refrag-crash");
    private readonly string _marker = Guid.NewGuid().ToString("N");
    private readonly CrashJobs _jobs = new();
    private readonly HashSet<string> _killed = [];
    private CrashServer? _last;

    private static int Rounds => Number("REFRAG_CRASH_ROUNDS") ?? 10;

    [Fact]
    public async Task Serve_KilledAtAnyMoment_KeepsEveryJobAndItsRules()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are found through /proc.");
        int seed = Number("REFRAG_CRASH_SEED") ?? Random.Shared.Next();
        Say($"REFRAG_CRASH_ROUNDS={Rounds} REFRAG_CRASH_SEED={seed}");
        var chance = new Random(seed);
        Assert.True(CrashClock.IsAvailable || Environment.GetEnvironmentVariable("REFRAG_REQUIRE_PEERS") is not "1",
            "Clocks cannot be set: install faketime.");
        using SmallDisk disk = await SmallDisk.MountAsync(Path.Combine(_folder.FullName, "state"), 64 + (2 * Rounds));
        Say($"clocks can be set: {CrashClock.IsAvailable}; the disk can be filled: {disk.IsMounted}");
        using (CrashServer first = CrashServer.Start(_folder.FullName, _marker, TimeSpan.Zero))
        {
            Assert.True(await first.ReadyAsync());
            await CrashJobs.PrepareAsync(first);
            await first.KillAsync();
        }
        for (int round = 1; round <= Rounds; round++) await LiveAsync(round, chance, disk);
        await DrainAsync(seed);
        Assert.Equal("ok", Integrity());
        // What wrote the last exit code down ends a moment later.
        await Eventually.HoldsAsync(() => new Processes(_marker).Living().Count == 0);
    }

    public void Dispose()
    {
        _last?.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task LiveAsync(int round, Random chance, SmallDisk disk)
    {
        using CrashServer server = CrashServer.Start(_folder.FullName, _marker, CrashClock.Next(chance));
        // Odd, because the even ones are those that are sure to acknowledge something.
        bool isFull = round % FullDiskEvery == 3;
        // Some die before they can be asked anything.
        TimeSpan life = s_longestLife * chance.NextDouble();
        Task load = Task.CompletedTask;
        if (chance.Next(6) > 0 || isFull)
        {
            Assert.True(await server.ReadyAsync(), $"The server did not start in round {round}.");
            if (isFull) disk.Fill();
            var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            load = LoadAsync(server, chance, first);
            // Every other one has answered something before its end is drawn, however slow the machine is.
            if (round % 2 == 0 || isFull) await Task.WhenAny(first.Task, load);
        }
        // No wait for a condition: the moment of the kill is drawn by chance.
        await Task.Delay(life, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.True(server.IsAlive, $"The server ended by itself in round {round}.");
        await server.KillAsync();
        await load;
        disk.Free();
        if (chance.Next(4) == 0
            && await new Processes(_marker).KillOneAsync(Path.Combine(_folder.FullName, "state", "attempts"), chance) is { } task)
            _killed.Add(task);
        if (round % 20 == 0)
            Say($"round {round}: {_jobs.All.Count} submissions, {_jobs.All.Count(job => job.Id is null)} without an answer, "
                + $"{_killed.Count} attempts killed");
    }

    private async Task LoadAsync(CrashServer server, Random chance, TaskCompletionSource first)
    {
        int[] seeds = [.. Enumerable.Range(0, Submitters).Select(_ => chance.Next())];
        await Task.WhenAll([.. seeds.Select(seed => SubmitAsync(server, new Random(seed), first)), _jobs.TerminateEndlessAsync(server)]);
    }

    private async Task SubmitAsync(CrashServer server, Random chance, TaskCompletionSource first)
    {
        for (int i = 0; i < SubmissionsEach; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(chance.Next(150)), TimeProvider.System, TestContext.Current.CancellationToken);
            if (!await _jobs.SubmitAsync(server, chance)) return;
            first.TrySetResult();
        }
    }

    private async Task DrainAsync(int seed)
    {
        TimeSpan clock = CrashClock.Last;
        CrashServer last = await StartLastAsync(clock);
        long changed = Stopwatch.GetTimestamp();
        HashSet<string> before = [];
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (await OpenAsync(last) is { Count: > 0 } open)
        {
            if (!before.SetEquals(open)) (before, changed) = ([.. open], Stopwatch.GetTimestamp());
            Assert.True(
                Stopwatch.GetElapsedTime(changed) < s_standstill,
                $"seed {seed}: {open.Count} jobs do not end, such as {string.Join(", ", open.Take(5))}");
            // Those whose submission was not answered are known by their names alone.
            foreach (string id in open.Where(job => job.Contains("-endless ", StringComparison.Ordinal)).Select(job => job.Split(' ')[1]))
                await CrashJobs.TerminateAsync(last, id);
            await pause.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            if (!CrashClock.IsAvailable || !open.Any(IsRunning)
                || !open.Where(IsRunning).All(job => job.Contains($"-{CrashKind.Limited} ", StringComparison.Ordinal))) continue;
            // What runs has a limit, and the limit passes without a request.
            Assert.Equal(0, await last.StopAsync());
            last = await StartLastAsync(clock += TimeSpan.FromHours(1));
        }
        Assert.Contains(_jobs.All, job => job.Id is not null);
        var verdict = new CrashVerdict(_jobs, _killed, File.ReadAllLines(Path.Combine(_folder.FullName, "runs")));
        IReadOnlyList<string> wrong = await verdict.JudgeAsync(last);
        Assert.True(wrong.Count == 0, $"seed {seed}:\n{string.Join('\n', wrong)}");
        Say($"{_jobs.All.Count(job => job.Id is not null)} jobs acknowledged, {_jobs.All.Count(job => job.Id is null)} not; "
            + $"{verdict.Found.Count} there with children, {_killed.Count} attempts killed");
        Assert.Equal(0, await last.StopAsync());
    }

    private static bool IsRunning(string open) => open.EndsWith(" RUNNING", StringComparison.Ordinal);

    private async Task<CrashServer> StartLastAsync(TimeSpan clock)
    {
        _last?.Dispose();
        _last = CrashServer.Start(_folder.FullName, _marker, clock);
        Assert.True(await _last.ReadyAsync());
        return _last;
    }

    // One list, and not one for each status: a job that is tried again changes its status between them.
    private static async Task<IReadOnlyList<string>> OpenAsync(CrashServer server) =>
    [
        .. (await server.ListJobsAsync()).Where(job => (string?)job["status"] is not ("SUCCEEDED" or "FAILED"))
            .Select(job => $"{job["jobName"]} {job["jobId"]} {job["status"]}"),
    ];

    private string? Integrity()
    {
        using var connection =
            new SqliteConnection(
                new SqliteConnectionStringBuilder
                {
                    DataSource = Path.Combine(_folder.FullName, "state", "state.db"),
                    Pooling = false,
                }.ToString());
        connection.Open();
        using SqliteCommand check = connection.CreateCommand();
        check.CommandText = "PRAGMA integrity_check";
        return check.ExecuteScalar() as string;
    }

    private static void Say(string text)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(text);
        TestContext.Current.SendDiagnosticMessage(text);
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int number) ? number : null;
}
