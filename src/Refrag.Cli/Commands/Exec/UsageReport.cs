using Refrag.Cli.Context;
using Refrag.Runners.Usage;

namespace Refrag.Cli.Commands.Exec;

/// <summary>
/// Measures what the worker of this process uses, and writes it into the job's log. Nothing that it meets reaches the job.
/// </summary>
internal sealed class UsageReport : IAsyncDisposable
{
    // A group that has counted more than refrag's own start is not this container's.
    private const double MostSecondsBefore = 30;

    private readonly UsageSampler _sampler;
    private readonly SampledAttempt _attempt;

    private UsageReport(CliContext context, TimeSpan interval)
    {
        _sampler = new UsageSampler(TimeProvider.System, UsagePace.OfLogs(interval),
            NvidiaSmi.Find(context.Variable("PATH"), TimeProvider.System));
        int own = Environment.ProcessId;
        CgroupMeasures? group = CgroupMeasures.OfThis(
            "/sys/fs/cgroup", "/proc/self/cgroup", ProcessSnapshot.Take().Above(own));
        if (group?.Read().CpuSeconds > MostSecondsBefore) group = null;
        var source = new UsageSource
        {
            Root = own,
            IsOwn = false,
            Group = group,
            IsFresh = true,
            Folder = context.WorkingDirectory,
            Gpus = Gpus(context.Variable("CUDA_VISIBLE_DEVICES")),
        };
        _attempt = _sampler.Add(source, usage => context.Terminal.Error(UsageLine.Format(usage)));
    }

    /// <summary>Begins; null if it is not wanted, or nothing can be measured here.</summary>
    public static UsageReport? Begin(CliContext context)
    {
        string? text = context.Variable(UsageSetting.Variable);
        var setting = UsageSetting.Read(text);
        if (setting.IsWrong) context.Terminal.Warnings([WrongSetting(text!)]);
        if (setting.Interval is not { } interval || !OperatingSystem.IsLinux()) return null;
        UsageReport? begun = null;
        // There may be no /proc to read.
        UsageSampler.Try(() => begun = new UsageReport(context, interval));
        return begun;
    }

    /// <summary>Writes what it has used so far: a signal may be followed by its end.</summary>
    public void Write() => _attempt.Report();

    /// <summary>Writes what it has used, once; the worker has ended.</summary>
    public void End() => UsageSampler.Try(() => _attempt.Finish(ChildTimes.Read()));

    /// <summary>Writes what it has used, and stops to measure.</summary>
    public ValueTask DisposeAsync()
    {
        End();
        return _sampler.DisposeAsync();
    }

    // What the worker may see of them; a container has no others.
    private static string[]? Gpus(string? visible) =>
        string.IsNullOrEmpty(visible) ? null : visible.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static Problem WrongSetting(string setting) => new()
    {
        Code = "RF8110",
        What = $"{UsageSetting.Variable} must be 'off', or a number of seconds from 0.1 to 3600; got '{setting}'",
        Cause = "What the job uses is sampled every two seconds",
        Cure = $"Set it to a number, for example +env.environment.{UsageSetting.Variable}=10.",
    };
}
