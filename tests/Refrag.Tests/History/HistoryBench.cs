using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Refrag.History;
using Refrag.Scheduling;
using Refrag.Scheduling.Fitting;

namespace Refrag.Tests.History;

/// <summary>A file of the history in a folder of its own, and what is written into it.</summary>
internal sealed class HistoryBench : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>The place of the jobs.</summary>
    public static JobPlace Place { get; } = new(JobPlace.Aws, "123456789012", "us-east-1");

    /// <summary>What the stores have reported.</summary>
    public List<Problem> Problems { get; } = [];

    public FakeTimeProvider Time { get; } = new(FakeAccount.Now);

    public string Path => System.IO.Path.Combine(_folder.Path, "history", "history.db");

    public HistoryStore Open(HistoryLimits? limits = null, TimeProvider? time = null) => HistoryStore.Open(Path, time ?? Time, problem =>
    {
        lock (Problems) Problems.Add(problem);
    }, limits ?? HistoryLimits.None);

    public static IEnumerable<string> Ids(HistoryStore store, JobPlace place) =>
        store.List(place, null).Select(job => job.Id).Order(StringComparer.Ordinal);

    public long Count(string table)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are those of the tests.
        command.CommandText = $"SELECT COUNT(*) FROM {table}";
#pragma warning restore CA2100
        return (long)command.ExecuteScalar()!;
    }

    public void Run(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are those of the tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    public static RecordedJob Job(string id) => new()
    {
        Id = id,
        Name = "train",
        Queue = FakeAccount.Cpu,
        Status = "RUNNING",
        CreatedAt = FakeAccount.Now,
        SeenAt = FakeAccount.Now,
        Needs = new Requirement { Amount = Amount.Of(2, 3000) },
    };

    public static RecordedAttempt Attempt() => new(RecordedAttempt.WholeJob, 1, FakeAccount.Now.AddHours(-1));

    public void Dispose() => _folder.Dispose();
}
