using System.CommandLine;
using Refrag.Infrastructure;
using Refrag.Jobs;

namespace Refrag.Cli.Commands.Infra;

/// <summary>How to move between layouts: what migrate and rollback share.</summary>
internal sealed class MoveOptions
{
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Say what would be done; change nothing." };

    private readonly Option<string?> _wait = new("--wait")
    {
        Description =
            "How long to wait for jobs of the old queues: 8h; 0 refuses. Default: no limit.",
    };

    private readonly Option<string?> _poll = new("--poll") { Description = "How often to look at them. Default: 15s." };

    private readonly Option<bool> _kill = new("--kill-jobs")
    {
        Description = "Terminate the jobs that are left in the old queues instead of waiting for them.",
    };

    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do not ask." };

    // A timer cannot wait longer than 49 days.
    private static readonly TimeSpan s_longestPoll = TimeSpan.FromDays(1);

    public void AddTo(Command verb)
    {
        verb.Options.Add(_dryRun);
        verb.Options.Add(_wait);
        verb.Options.Add(_poll);
        verb.Options.Add(_kill);
        verb.Options.Add(_yes);
    }

    public bool IsAgreed(ParseResult parsed) => parsed.GetValue(_yes);

    public Result<LayoutMoveOptions> Read(ParseResult parsed)
    {
        List<Problem> problems = [];
        TimeSpan? patience = Read(parsed, _wait, problems);
        TimeSpan? pause = Read(parsed, _poll, problems);
        if (problems.Count > 0) return Result<LayoutMoveOptions>.Failure(problems);
        var options = new LayoutMoveOptions { Patience = patience, KillJobs = parsed.GetValue(_kill), DryRun = parsed.GetValue(_dryRun) };
        return pause is { } seconds ? options with { Pause = seconds } : options;
    }

    private static TimeSpan? Read(ParseResult parsed, Option<string?> option, List<Problem> problems)
    {
        if (parsed.GetValue(option) is not { } text) return null;
        bool isPoll = option.Name == "--poll";
        if (Duration.Parse(text) is { } time && (!isPoll || (time > TimeSpan.Zero && time <= s_longestPoll))) return time;
        problems.Add(new Problem
        {
            Code = "RF6035",
            What = $"{option.Name} {text} is not a valid length of time",
            Cure = isPoll ? "Write a number with a unit, from 1s to 1d." : "Write a number with a unit, such as 30s, 10m or 8h.",
            Place = new ArgumentPlace(text, 1, Math.Max(1, text.Length)),
        });
        return null;
    }
}
