using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Refrag.Engine.Store;

/// <summary>
/// One compiled statement that is run again and again, by one thread. Values are given in the order of the question marks. It speaks to
/// SQLite directly: a command of the usual provider costs more than SQLite itself does for a row.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly ArrayBufferWriter<byte> _bytes = new(1024);
    private Utf8JsonWriter? _json;
    private int _next = 1;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(_database, sql, out _statement));
    }

    /// <summary>The next value is a text; null for none.</summary>
    public SqliteStatement Text(string? value)
    {
        if (value is null) return Null();
        _bytes.ResetWrittenCount();
        Encoding.UTF8.GetBytes(value, _bytes);
        return Bind();
    }

    /// <summary>The next value is a number; null for none.</summary>
    public SqliteStatement Number(long? value)
    {
        if (value is null) return Null();
        Check(raw.sqlite3_bind_int64(_statement, _next++, value.Value));
        return this;
    }

    /// <summary>The next value is a text that is there as UTF-8 already; not empty.</summary>
    public SqliteStatement Utf8(ReadOnlySpan<byte> value)
    {
        Check(raw.sqlite3_bind_text(_statement, _next++, value));
        return this;
    }

    /// <summary>The next value is a record as JSON.</summary>
    public SqliteStatement Json(object value, JsonTypeInfo type)
    {
        _bytes.ResetWrittenCount();
        _json ??= new Utf8JsonWriter(_bytes, new JsonWriterOptions { Encoder = type.Options.Encoder, SkipValidation = true });
        _json.Reset(_bytes);
        JsonSerializer.Serialize(_json, value, type);
        _json.Flush();
        return Bind();
    }

    /// <summary>Runs it with these values, for its effect.</summary>
    public void Run()
    {
        _next = 1;
        int result = raw.sqlite3_step(_statement);
        // Says the same again where it failed.
        _ = raw.sqlite3_reset(_statement);
        if (result is not (raw.SQLITE_DONE or raw.SQLITE_ROW)) Check(result);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _json?.Dispose();
        _statement.Dispose();
    }

    private SqliteStatement Bind()
    {
        ReadOnlySpan<byte> written = _bytes.WrittenSpan;
        // An empty span has no address, which would be NULL to SQLite.
        Check(written.IsEmpty ? raw.sqlite3_bind_text(_statement, _next++, "") : raw.sqlite3_bind_text(_statement, _next++, written));
        return this;
    }

    private SqliteStatement Null()
    {
        Check(raw.sqlite3_bind_null(_statement, _next++));
        return this;
    }

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK) SqliteException.ThrowExceptionForRC(result, _database);
    }
}
