namespace Refrag.Engine.Store;

/// <summary>
/// A question about ended submissions in SQL. It narrows down by what has an index (queue, status, name, arrival); <see cref="JobMatch"/>
/// has the last word.
/// </summary>
internal sealed class SqliteQuery
{
    private readonly List<(string Name, object Value)> _parameters = [];

    public SqliteQuery(EndedQuery query)
    {
        List<string> conditions = ["ended_at IS NOT NULL"];
        void Add(string condition, string name, object? value)
        {
            if (value is null) return;
            conditions.Add(condition);
            _parameters.Add((name, value));
        }
        Add("queue = $queue", "$queue", query.Queue);
        Add("status = $status", "$status", query.Status);
        Add("seq IN (SELECT seq FROM consumables WHERE resource = $resource)", "$resource", query.ConsumableResource);
        if (query.Name is { } name && !name.EndsWith('*')) Add("name = $name COLLATE NOCASE", "$name", name);
        Add("share = $share", "$share", query.Share is { } share && !share.EndsWith('*') ? share : null);
        Add("created_at < $before", "$before", query.CreatedBefore);
        Add("created_at > $after", "$after", query.CreatedAfter);
        Add("ended_at >= $ended", "$ended", query.EndedAfter);
        Add(query.LatestFirst ? "seq < $place" : "seq > $place", "$place", query.After);
        Sql = $"WHERE {string.Join(" AND ", conditions)} ORDER BY seq {(query.LatestFirst ? "DESC" : "ASC")}";
    }

    /// <summary>From WHERE on.</summary>
    public string Sql { get; }

    /// <summary>The values.</summary>
    public IReadOnlyList<(string Name, object Value)> Parameters => _parameters;
}
