using System.Text.Json.Nodes;

namespace Refrag.Composition.Conformance.Vectors;

/// <summary>One line of a vector file.</summary>
/// <param name="Id">Its name, such as <c>parse-12</c>.</param>
/// <param name="Category">What is asked: <c>parse</c>, <c>compose</c>, …</param>
/// <param name="Input">The question.</param>
/// <param name="Expected">What the reference answered.</param>
/// <param name="Fixture">The configuration files that the question is about.</param>
internal sealed record VectorCase(string Id, string Category, JsonObject Input, JsonObject Expected, FixtureTrees Fixture)
{
    /// <summary>The rules that are asked for.</summary>
    public HydraReading Reading { get; init; }

    /// <summary>What the other version of the reference answered.</summary>
    public JsonObject Other { get; init; } = Expected;

    /// <summary>Where the question comes from, such as a repository.</summary>
    public string Source { get; init; } = "";

    /// <summary>The directory in which the question is asked, where that matters.</summary>
    public string Directory { get; init; } = ".";

    /// <summary>The reference's error; null if it gave an answer.</summary>
    public JsonObject? ExpectedError => Expected["error"] as JsonObject;

    /// <summary>The column of the reference's error, from 0 and in code points; null if it gave none.</summary>
    public int? ExpectedColumn => ExpectedError?["column"] is JsonValue column ? column.GetValue<int>() : null;

    /// <summary>An input string that must be there.</summary>
    public string Text(string name) => Input[name]?.GetValue<string>() ?? throw new FormatException($"{Id} has no text '{name}'.");

    /// <summary>An input list of strings; empty where it is not there.</summary>
    public IReadOnlyList<string> Texts(string name) =>
        Input[name] is JsonArray items ? [.. items.Select(item => item!.GetValue<string>())] : [];

    /// <summary>An input switch; false where it is not there or null.</summary>
    public bool Flag(string name) => Input[name] is JsonValue value && value.GetValue<bool>();
}
