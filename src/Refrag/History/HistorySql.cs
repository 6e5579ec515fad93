using Microsoft.Data.Sqlite;

namespace Refrag.History;

/// <summary>Statements on one connection, whose values are parameters and never a part of their texts.</summary>
internal sealed class HistorySql(SqliteConnection connection)
{
    /// <summary>Runs a statement; returns how many rows it changed.</summary>
    public int Run(string sql, params (string Name, object? Value)[] values)
    {
        using SqliteCommand command = Command(sql, values);
        return command.ExecuteNonQuery();
    }

    /// <summary>The rows of a query.</summary>
    public List<T> Rows<T>(string sql, Func<SqliteDataReader, T> read, params (string Name, object? Value)[] values)
    {
        using SqliteCommand command = Command(sql, values);
        using SqliteDataReader reader = command.ExecuteReader();
        List<T> found = [];
        while (reader.Read()) found.Add(read(reader));
        return found;
    }

    /// <summary>The rows of a query one by one, for more than fit into memory.</summary>
    public IEnumerable<T> Stream<T>(string sql, Func<SqliteDataReader, T> read, params (string Name, object? Value)[] values)
    {
        using SqliteCommand command = Command(sql, values);
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read()) yield return read(reader);
    }

    /// <summary>One whole number; null for no row and for no value.</summary>
    public long? Number(string sql, params (string Name, object? Value)[] values)
    {
        using SqliteCommand command = Command(sql, values);
        return command.ExecuteScalar() as long?;
    }

    public static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static int? Whole(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt32(column);

    public static DateTimeOffset? Time(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    private SqliteCommand Command(string sql, (string Name, object? Value)[] values)
    {
        SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are those of this folder; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach ((string name, object? value) in values) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }
}
