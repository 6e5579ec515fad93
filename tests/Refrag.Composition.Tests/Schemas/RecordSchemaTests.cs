using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Refrag.Composition.Tests.Schemas;

/// <summary>A record of the user's own is a schema.</summary>
public sealed class RecordSchemaTests
{
    private const string Files =
        "== config\nepochs: 20\nlr: 0.1\nmode: train\nname: x\noptimizer: {momentum: 0.9}\nlayers: [64]\nlabels: {}\n";

    private static readonly ComposerOptions Options = new()
    {
        Schemas = [new PlacedSchema("", Schema.From(TrainingContext.Default.Training))],
        Environment = _ => null,
    };

    [Theory]
    [InlineData("")]
    [InlineData("epochs=200 mode=evaluate +note=null +timeout=8h")]
    [InlineData("layers=[1,2] +labels.a=b +optimizer.nesterov=true")]
    public void Compose_WhatTheRecordAllows_IsTaken(string overrides) =>
        Assert.StartsWith("{", Composing.Tree.Compose(Files, overrides, Options), StringComparison.Ordinal);

    [Theory]
    [InlineData("epochs=many", "RF1651")]
    [InlineData("epochs=1.5", "RF1651")]
    [InlineData("epochs=0", "RF1652")]
    [InlineData("lr=-1", "RF1652")]
    [InlineData("mode=trian", "RF1653")]
    [InlineData("name=null", "RF1657")]
    [InlineData("~name", "RF1654")]
    [InlineData("+epohcs=1", "RF1655")]
    [InlineData("optimizer.momentum=much", "RF1651")]
    [InlineData("layers=[a]", "RF1651")]
    [InlineData("+labels.a=[1]", "RF1651")]
    public void Compose_WhatTheRecordRefuses_IsAProblem(string overrides, string code) =>
        Assert.Equal(code, Composing.Tree.Compose(Files, overrides, Options));

    [Fact]
    public void From_Record_HasWhatHelpShows()
    {
        var key = Schema.From(TrainingContext.Default.Training).Find("epochs")!;
        Assert.Equal(("int, 1 to 1000", "20", "Passes over the data."), (key.Allowed, key.Default, key.Description));
    }
}

internal enum Mode
{
    train,
    evaluate,
}

internal sealed record Optimizer
{
    public double Momentum { get; init; }

    public bool Nesterov { get; init; }
}

internal sealed record Training
{
    [Description("Passes over the data."), Range(1, 1000), DefaultValue(20)]
    public int Epochs { get; init; }

    [Range(0.0, double.PositiveInfinity)]
    public double Lr { get; init; }

    public Mode Mode { get; init; }

    public required string Name { get; init; }

    public string? Note { get; init; }

    public TimeSpan? Timeout { get; init; }

    public Optimizer? Optimizer { get; init; }

    public IReadOnlyList<int> Layers { get; init; } = [];

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Training))]
internal sealed partial class TrainingContext : JsonSerializerContext;
