using System.Globalization;

namespace Refrag.Server.Fuzz.Running;

/// <summary>One server with its options: the requests, and the checks after them.</summary>
internal sealed class FuzzPart(FuzzOptions options, string name, long requests, IReadOnlyList<string> arguments, TextWriter output)
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_jobLimit = TimeSpan.FromMinutes(3);
    private int _passed, _failed;

    /// <summary>Runs it; how many checks passed and failed.</summary>
    public async Task<(int Passed, int Failed)> RunAsync(CancellationToken time)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("refrag-fuzz");
        try
        {
            await RunAsync(folder.FullName, time);
        }
        finally
        {
            if (options.Keep) output.WriteLine($"   kept {folder.FullName}");
            else folder.Delete(recursive: true);
        }
        return (_passed, _failed);
    }

    private async Task RunAsync(string folder, CancellationToken time)
    {
        using ServedProcess? first = await StartAsync(folder);
        if (first is null) return;
        var stalls = new Stalls(first);
        var part = new PartState(first, stalls, options.Late, Path.Combine(folder, "log"));
        IReadOnlyList<string> acknowledged = await FuzzAsync(part, stalls, time);
        await TellAsync(part);
        Check("every request was sent", part.Sent >= requests, $"{part.Sent:#,0} of {requests:#,0}");
        Check("no 5xx", part.Findings.HasNo("5xx"));
        Check("no late answer", part.Findings.HasNo("late"));
        Check("an answer to every request", part.Findings.HasNo("no answer"));
        Check("the server still runs", first.IsAlive && part.Findings.HasNo("ended"));
        Check($"resident memory below {options.MemoryMiB} MiB", first.ResidentMiB < options.MemoryMiB && first.IsAlive,
            $"{first.ResidentMiB} MiB, {first.PeakMiB} at most");
        if (first.IsAlive) await JobAsync(first, "after", "a valid job runs");
        await first.KillAsync(CancellationToken.None);
        using ServedProcess? second = await StartAsync(folder);
        if (second is null) return;
        using var after = new AfterCheck(second.Address, "again");
        IReadOnlyList<string> missing = await after.MissingAsync(acknowledged, CancellationToken.None);
        Check("a restart after SIGKILL knows the acknowledged jobs", missing.Count == 0,
            $"{acknowledged.Count} asked for, {missing.Count} missing");
        await JobAsync(second, "again", "a valid job runs after the restart");
    }

    private async Task<ServedProcess?> StartAsync(string folder)
    {
        using var limit = new CancellationTokenSource(s_startLimit, TimeProvider.System);
        try
        {
            ServedProcess? started = await ServedProcess.StartAsync(options.Program, folder, arguments, limit.Token);
            if (started is null) Check("the server starts", false, File.ReadAllText(Path.Combine(folder, "log")));
            return started;
        }
        catch (OperationCanceledException)
        {
            Check("the server starts", false, $"not within {s_startLimit}");
            return null;
        }
    }

    private async Task<IReadOnlyList<string>> FuzzAsync(PartState part, Stalls stalls, CancellationToken time)
    {
        using var over = new CancellationTokenSource();
        Task watch = stalls.WatchAsync(over.Token);
        long start = TimeProvider.System.GetTimestamp();
        Worker[] workers = [.. Enumerable.Range(0, options.Workers)
            .Select(number => new Worker(part, unchecked((options.Seed * 31) + number)))];
        await Task.WhenAll(
            workers.Select(
                worker =>
                    Task.Run(() => worker.RunAsync((requests + options.Workers - 1) / options.Workers, time), CancellationToken.None)));
        await over.CancelAsync();
        await watch;
        double seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        output.WriteLine(
            string.Create(CultureInfo.InvariantCulture,
                $"   {part.Sent:#,0} requests, {workers.Sum(one => one.Accepted):#,0} accepted, {seconds:0} s, {part.Sent / seconds:0}/s"));
        foreach (Worker worker in workers) worker.Dispose();
        return [.. workers.SelectMany(one => one.Acknowledged)];
    }

    private async Task TellAsync(PartState part)
    {
        foreach ((Finding first, int times) in part.Findings.All)
        {
            byte[] smallest = first.Kind == "5xx" && part.Server.IsAlive && !part.IsOver
                ? await Shrink.RunAsync(part.Server, first.Request, CancellationToken.None)
                : first.Request;
            output.WriteLine($"   {first.Kind}, {times} times: {first.Details}\n    {Finding.Show(smallest)}");
        }
        if (!part.IsOver && part.Server.IsAlive) return;
        output.WriteLine("   the last requests before that, oldest first:");
        foreach (byte[] request in part.Recent) output.WriteLine($"    {Finding.Show(request)}\n");
    }

    private async Task JobAsync(ServedProcess server, string job, string check)
    {
        using var limit = new CancellationTokenSource(s_jobLimit, TimeProvider.System);
        using var after = new AfterCheck(server.Address, job);
        string? wrong = await after.RunJobAsync(limit.Token);
        Check(check, wrong is null, wrong ?? "");
    }

    private void Check(string what, bool holds, string details = "")
    {
        if (holds) _passed++;
        else _failed++;
        output.WriteLine($"   {(holds ? "ok    " : "FAILED")} {name}: {what}{(details.Length > 0 ? $" ({details})" : "")}");
    }
}
