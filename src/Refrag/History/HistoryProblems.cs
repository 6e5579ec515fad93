using System.Globalization;

namespace Refrag.History;

/// <summary>What can be wrong with the history and with measuring. RF810x. None of it stops a run: each is a warning, said once.</summary>
public static class HistoryProblems
{
    /// <summary>The file cannot be read or written: a full disk, a damaged file, missing rights.</summary>
    public static Problem Unusable(string path, string cause) => new()
    {
        Code = "RF8100",
        What = $"The history in {path} cannot be used; costs are assumed, and nothing is recorded",
        Cause = cause,
        Cure = "Make room on the disk, or move the file away if it is damaged: refrag then begins a new one.",
    };

    /// <summary>A newer refrag has written it.</summary>
    public static Problem TooNew(string path, int version, int known) => new()
    {
        Code = "RF8101",
        What = string.Create(CultureInfo.InvariantCulture,
            $"The history in {path} has schema version {version}, and this refrag knows versions up to {known}; it is left alone"),
        Cause = "A newer refrag has written it.",
        Cure = "Use that refrag, or set XDG_STATE_HOME to another folder.",
    };

    /// <summary>The caller may not ask.</summary>
    /// <param name="action">The action that is missing, such as <c>ec2:DescribeInstances</c>.</param>
    public static Problem Refused(string action) => new()
    {
        Code = "RF8102",
        What = $"Costs stay assumed: your credentials do not allow {action}",
        Cure = $"Allow {action} on all resources, beside ecs:DescribeContainerInstances, ec2:DescribeInstances and "
            + "ec2:DescribeSpotPriceHistory.",
    };

    /// <summary>There was no useful answer.</summary>
    /// <param name="action">What was asked, such as <c>ec2:DescribeInstances</c>.</param>
    /// <param name="cause">What happened instead.</param>
    public static Problem NoAnswer(string action, string cause) => new()
    {
        Code = "RF8103",
        What = $"{action} was not answered; costs that need it stay assumed",
        Cause = cause,
        Cure = "Check the endpoint and the network, then run `refrag history watch` while the jobs run.",
    };

    /// <summary>Another process has the file locked, or the file can only be read.</summary>
    public static Problem NotNow(string path, string cause) => new()
    {
        Code = "RF8108",
        What = $"The history in {path} cannot be written or read now; what it holds is kept, and what was seen just now is not recorded",
        Cause = cause,
        Cure = "Run the command again when no other refrag is writing; allow writing if the file can only be read.",
    };

    /// <summary>Measuring failed in a way that was not foreseen.</summary>
    public static Problem Failed(string cause) => new()
    {
        Code = "RF8109",
        What = "Measuring failed; costs may stay assumed",
        Cause = cause,
        Cure = "Run `refrag history watch` while the jobs run.",
    };

    /// <summary>The history knows no such place.</summary>
    /// <param name="named">What was asked for; null for any place.</param>
    /// <param name="known">The places that it knows.</param>
    public static Problem NoPlace(string? named, IReadOnlyList<JobPlace> known) => new()
    {
        Code = "RF8190",
        What = named is null ? "The history on this machine is empty" : $"The history on this machine has no place {named}",
        Cause = known.Count == 0 ? null : $"It knows {string.Join(", ", known)}.",
        Cure = "Run `refrag history watch` where the jobs are: env=awsbatch.",
    };

    /// <summary>Several places could be meant where one is wanted.</summary>
    /// <param name="option">The option that names it.</param>
    /// <param name="places">The places.</param>
    public static Problem SeveralPlaces(string option, IReadOnlyList<JobPlace> places) => new()
    {
        Code = "RF8191",
        What = $"The history has {places.Count} such places, and one is wanted",
        Cause = string.Join(", ", places),
        Cure = $"Name it, or a part that only it has: {option}={places[0].Region}.",
    };

    /// <summary>Nothing in the history can be simulated.</summary>
    /// <param name="place">The place.</param>
    public static Problem NoJobs(JobPlace place) => new()
    {
        Code = "RF8192",
        What = $"The history has no job of {place} that was submitted in that time and has run to its end",
        Cure = "Look at `refrag history`, name a longer time with --since, or let `refrag history watch` run while jobs run.",
    };

    /// <summary>A value of the export is none of those that there are.</summary>
    /// <param name="subject">What it is the value of.</param>
    /// <param name="value">What it says.</param>
    /// <param name="known">The values that there are.</param>
    public static Problem UnknownExport(string subject, string value, IReadOnlyList<string> known) => new()
    {
        Code = "RF8193",
        What = $"{subject} must be one of {string.Join(", ", known)}; got '{value}'",
        Cure = value == "parquet"
            ? "Export CSV, and let another program convert it, such as DuckDB: COPY (FROM 'jobs.csv') TO 'jobs.parquet'."
            : "Write one of them, as in `refrag history export jobs --format=csv`.",
    };

    /// <summary>A server has no stream of events that can be read.</summary>
    /// <param name="cause">Why.</param>
    public static Problem NoEvents(string cause) => new()
    {
        Code = "RF8194",
        What = "The server's events cannot be read; jobs that start and end between two looks may be missed",
        Cause = cause,
        Cure = "Look more often: --every=5. A server of `refrag serve` has events; others may not.",
    };

    /// <summary>A limit of the history is not one.</summary>
    /// <param name="variable">The variable that sets it.</param>
    /// <param name="value">What it says.</param>
    public static Problem BadLimit(string variable, string value) => new()
    {
        Code = "RF8133",
        What = $"{variable} must be a whole number from 1 to 1000000000; got '{value}'. Nothing is removed from the history",
        Cure = $"Set it to a number, or unset it: {variable}=400.",
    };

    /// <summary>There is nothing to measure on this machine.</summary>
    public static Problem NothingToWatch { get; } = new()
    {
        Code = "RF8104",
        What = "`refrag history watch` has nothing to watch: jobs of this machine have no queue, no instance and no price",
        Cure = "Name where the jobs are: env=awsbatch.",
    };
}
