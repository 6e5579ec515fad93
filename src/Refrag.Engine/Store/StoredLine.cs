namespace Refrag.Engine.Store;

/// <summary>One line of an export: a resource, a job, or a child of the job before it.</summary>
internal sealed record StoredLine
{
    private const string HeaderType = "state";
    private const int CurrentVersion = 1;

    /// <summary><c>resource</c>, <c>job</c> or <c>child</c>; the first line is <c>state</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Of the first line: the version of this form.</summary>
    public int? Version { get; init; }

    public string? Kind { get; init; }

    public string? Name { get; init; }

    public string? Id { get; init; }

    public int? Index { get; init; }

    public string? Queue { get; init; }

    public string? Definition { get; init; }

    public string? Status { get; init; }

    public long? CreatedAt { get; init; }

    /// <summary>The resource or the request, as it lies in the store.</summary>
    public string? Body { get; init; }

    public string? Life { get; init; }

    /// <summary>Whether it begins an export that this program can read.</summary>
    public bool IsHeader() => this is { Type: HeaderType, Version: CurrentVersion };

    public static StoredLine Header => new() { Type = HeaderType, Version = CurrentVersion };

    public static StoredLine Resource(string kind, string name, string body) =>
        new() { Type = "resource", Kind = kind, Name = name, Body = body };

    public static StoredLine Job(JobRow row) => new()
    {
        Type = "job",
        Id = row.Id,
        Kind = row.Kind.ToString(),
        Queue = row.Queue,
        Definition = row.Definition,
        Status = row.Status,
        CreatedAt = row.CreatedAt,
        Body = row.Request,
        Life = row.Life,
    };

    public static StoredLine Child(string parent, int index, string status, string life) =>
        new() { Type = "child", Id = parent, Index = index, Status = status, Life = life };
}
