using Refrag.Monitoring;

namespace Refrag.Cli.Seeing.Top;

/// <summary>What the keys do at the moment.</summary>
internal enum TopMode
{
    /// <summary>They move through the list of jobs.</summary>
    List,

    /// <summary>They write the filter.</summary>
    Filter,

    /// <summary>They answer whether a job is to be ended.</summary>
    Confirm,

    /// <summary>A page of text is shown: a job, or its log.</summary>
    Page,
}

/// <summary>What a key asks for beyond the screen.</summary>
internal enum TopRequest
{
    None,
    Quit,
    Open,
    FollowLog,
    End,
    Refresh,
}

/// <summary>The screen of <c>refrag top</c> as it is. Immutable.</summary>
internal sealed record TopState
{
    public Activity? Activity { get; init; }

    public TopMode Mode { get; init; }

    /// <summary>What a job's name, id, state or queue must contain.</summary>
    public string Filter { get; init; } = "";

    /// <summary>The row that is chosen.</summary>
    public int Selected { get; init; }

    /// <summary>How a job is to be ended, while that is asked.</summary>
    public Ending Ending { get; init; }

    /// <summary>The lines of a page, and its title.</summary>
    public IReadOnlyList<string> Page { get; init; } = [];

    public string Title { get; init; } = "";

    /// <summary>How many lines of the page lie below the screen; 0 for its end.</summary>
    public int Scroll { get; init; }

    /// <summary>A sentence about what happened last.</summary>
    public string Message { get; init; } = "";

    public string Region { get; init; } = "";

    /// <summary>The jobs that the filter lets through.</summary>
    public IReadOnlyList<ListedJob> Jobs => Activity is null ? [] : Filter.Length == 0 ? Activity.Jobs : [.. Activity.Jobs.Where(Matches)];

    /// <summary>The chosen job; null where there is none.</summary>
    public ListedJob? Chosen => Jobs is { Count: > 0 } jobs ? jobs[Math.Clamp(Selected, 0, jobs.Count - 1)] : null;

    /// <summary>The state after a key, and what it asks for.</summary>
    public (TopState Next, TopRequest Request) Press(ConsoleKeyInfo key)
    {
        if (key is { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control }) return (this, TopRequest.Quit);
        return Mode switch
        {
            TopMode.Filter => InFilter(key),
            TopMode.Confirm => key.KeyChar is 'y' or 'Y' ? (this with { Mode = TopMode.List }, TopRequest.End) : (this with { Mode = TopMode.List, Message = "Nothing was done." }, TopRequest.None),
            TopMode.Page => InPage(key),
            _ => InList(key),
        };
    }

    private (TopState, TopRequest) InList(ConsoleKeyInfo key)
    {
        int last = Math.Max(0, Jobs.Count - 1);
        int at = Math.Clamp(Selected, 0, last);
        switch (key.Key)
        {
            case ConsoleKey.UpArrow: return (this with { Selected = Math.Max(0, at - 1) }, TopRequest.None);
            case ConsoleKey.DownArrow: return (this with { Selected = Math.Min(last, at + 1) }, TopRequest.None);
            case ConsoleKey.PageUp: return (this with { Selected = Math.Max(0, at - 10) }, TopRequest.None);
            case ConsoleKey.PageDown: return (this with { Selected = Math.Min(last, at + 10) }, TopRequest.None);
            case ConsoleKey.Enter: return (this, Chosen is null ? TopRequest.None : TopRequest.Open);
            case ConsoleKey.Escape: return (this with { Filter = "", Message = "" }, TopRequest.None);
        }
        return key.KeyChar switch
        {
            'q' => (this, TopRequest.Quit),
            'k' => (this with { Selected = Math.Max(0, at - 1) }, TopRequest.None),
            'j' => (this with { Selected = Math.Min(last, at + 1) }, TopRequest.None),
            '/' => (this with { Mode = TopMode.Filter, Message = "" }, TopRequest.None),
            'l' when Chosen is not null => (this, TopRequest.FollowLog),
            'c' when Chosen is not null => (this with { Mode = TopMode.Confirm, Ending = Ending.Cancel }, TopRequest.None),
            't' when Chosen is not null => (this with { Mode = TopMode.Confirm, Ending = Ending.Terminate }, TopRequest.None),
            'r' => (this, TopRequest.Refresh),
            _ => (this, TopRequest.None),
        };
    }

    private (TopState, TopRequest) InFilter(ConsoleKeyInfo key) => key.Key switch
    {
        ConsoleKey.Enter => (this with { Mode = TopMode.List }, TopRequest.None),
        ConsoleKey.Escape => (this with { Mode = TopMode.List, Filter = "", Selected = 0 }, TopRequest.None),
        ConsoleKey.Backspace => (this with { Filter = Filter.Length > 0 ? Filter[..^1] : "", Selected = 0 }, TopRequest.None),
        _ when !char.IsControl(key.KeyChar) => (this with { Filter = Filter + key.KeyChar, Selected = 0 }, TopRequest.None),
        _ => (this, TopRequest.None),
    };

    private (TopState, TopRequest) InPage(ConsoleKeyInfo key) => key.Key switch
    {
        ConsoleKey.UpArrow => (this with { Scroll = Math.Min(Page.Count, Scroll + 1) }, TopRequest.None),
        ConsoleKey.DownArrow => (this with { Scroll = Math.Max(0, Scroll - 1) }, TopRequest.None),
        ConsoleKey.PageUp => (this with { Scroll = Math.Min(Page.Count, Scroll + 10) }, TopRequest.None),
        ConsoleKey.PageDown => (this with { Scroll = Math.Max(0, Scroll - 10) }, TopRequest.None),
        ConsoleKey.Escape or ConsoleKey.Q or ConsoleKey.Enter => (this with { Mode = TopMode.List, Page = [], Scroll = 0 }, TopRequest.Refresh),
        _ => (this, TopRequest.None),
    };

    private bool Matches(ListedJob job) =>
        job.Summary.JobName.Contains(Filter, StringComparison.OrdinalIgnoreCase)
        || job.Summary.JobId.Contains(Filter, StringComparison.OrdinalIgnoreCase)
        || job.Queue.Contains(Filter, StringComparison.OrdinalIgnoreCase)
        || (job.Summary.Status ?? "").Contains(Filter, StringComparison.OrdinalIgnoreCase);
}
