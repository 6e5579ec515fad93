using Refrag.Monitoring;

namespace Refrag.Cli.Commands.Jobs.Top;

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

    /// <summary>The row that is chosen, where <see cref="ChosenId"/> is not among the jobs any more.</summary>
    public int Selected { get; init; }

    /// <summary>The job that is chosen: the list moves under the eyes, and the choice stays with the job.</summary>
    public string? ChosenId { get; init; }

    /// <summary>The job that is to be ended, while that is asked and until it is done.</summary>
    public ListedJob? Asked { get; init; }

    /// <summary>How a job is to be ended, while that is asked.</summary>
    public EndAction Ending { get; init; }

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

    /// <summary>The row of the chosen job; -1 if there is none.</summary>
    public int ChosenRow
    {
        get
        {
            IReadOnlyList<ListedJob> jobs = Jobs;
            for (int row = 0; row < jobs.Count; row++)
            {
                if (jobs[row].Summary.JobId == ChosenId) return row;
            }
            return jobs.Count == 0 ? -1 : Math.Clamp(Selected, 0, jobs.Count - 1);
        }
    }

    /// <summary>The chosen job; null if there is none.</summary>
    public ListedJob? Chosen => ChosenRow is >= 0 and var row ? Jobs[row] : null;

    /// <summary>The state after a key, and what it asks for.</summary>
    public (TopState Next, TopRequest Request) Press(ConsoleKeyInfo key)
    {
        if (key is { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control }) return (this, TopRequest.Quit);
        return Mode switch
        {
            TopMode.Filter => InFilter(key),
            TopMode.Confirm =>
                key.KeyChar is 'y' or 'Y'
                    ? (this with { Mode = TopMode.List }, TopRequest.End)
                    : (this with { Mode = TopMode.List, Message = "Nothing was done." }, TopRequest.None),
            TopMode.Page => InPage(key),
            _ => InList(key),
        };
    }

    private (TopState, TopRequest) InList(ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.UpArrow: return (Move(-1), TopRequest.None);
            case ConsoleKey.DownArrow: return (Move(1), TopRequest.None);
            case ConsoleKey.PageUp: return (Move(-10), TopRequest.None);
            case ConsoleKey.PageDown: return (Move(10), TopRequest.None);
            case ConsoleKey.Enter: return (this, Chosen is null ? TopRequest.None : TopRequest.Open);
            case ConsoleKey.Escape: return (this with { Filter = "", Message = "" }, TopRequest.None);
        }
        return key.KeyChar switch
        {
            'q' => (this, TopRequest.Quit),
            'k' => (Move(-1), TopRequest.None),
            'j' => (Move(1), TopRequest.None),
            '/' => (this with { Mode = TopMode.Filter, Message = "" }, TopRequest.None),
            'l' when Chosen is not null => (this, TopRequest.FollowLog),
            'c' when Chosen is { } job => (this with { Mode = TopMode.Confirm, Ending = EndAction.Cancel, Asked = job }, TopRequest.None),
            't' when Chosen is { } job =>
                (this with { Mode = TopMode.Confirm, Ending = EndAction.Terminate, Asked = job }, TopRequest.None),
            'r' => (this, TopRequest.Refresh),
            _ => (this, TopRequest.None),
        };
    }

    private TopState Move(int rows)
    {
        IReadOnlyList<ListedJob> jobs = Jobs;
        if (jobs.Count == 0) return this;
        int row = Math.Clamp(ChosenRow + rows, 0, jobs.Count - 1);
        return this with { Selected = row, ChosenId = jobs[row].Summary.JobId };
    }

    private (TopState, TopRequest) InFilter(ConsoleKeyInfo key) => key.Key switch
    {
        ConsoleKey.Enter => (this with { Mode = TopMode.List }, TopRequest.None),
        ConsoleKey.Escape => (this with { Mode = TopMode.List, Filter = "", Selected = 0, ChosenId = null }, TopRequest.None),
        ConsoleKey.Backspace =>
            (this with { Filter = Filter.Length > 0 ? Filter[..^1] : "", Selected = 0, ChosenId = null }, TopRequest.None),
        _ when !char.IsControl(key.KeyChar) =>
            (this with { Filter = Filter + key.KeyChar, Selected = 0, ChosenId = null }, TopRequest.None),
        _ => (this, TopRequest.None),
    };

    private (TopState, TopRequest) InPage(ConsoleKeyInfo key) => key.Key switch
    {
        ConsoleKey.UpArrow => (this with { Scroll = Math.Min(Page.Count, Scroll + 1) }, TopRequest.None),
        ConsoleKey.DownArrow => (this with { Scroll = Math.Max(0, Scroll - 1) }, TopRequest.None),
        ConsoleKey.PageUp => (this with { Scroll = Math.Min(Page.Count, Scroll + 10) }, TopRequest.None),
        ConsoleKey.PageDown => (this with { Scroll = Math.Max(0, Scroll - 10) }, TopRequest.None),
        ConsoleKey.Escape or ConsoleKey.Q or ConsoleKey.Enter =>
            (this with { Mode = TopMode.List, Page = [], Scroll = 0 }, TopRequest.Refresh),
        _ => (this, TopRequest.None),
    };

    private bool Matches(ListedJob job) =>
        job.Summary.JobName.Contains(Filter, StringComparison.OrdinalIgnoreCase)
        || job.Summary.JobId.Contains(Filter, StringComparison.OrdinalIgnoreCase)
        || job.Queue.Contains(Filter, StringComparison.OrdinalIgnoreCase)
        || (job.Summary.Status ?? "").Contains(Filter, StringComparison.OrdinalIgnoreCase);
}
