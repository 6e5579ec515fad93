using Refrag.SourceAnalysis;

namespace Refrag.Architecture.Tests;

/// <summary>Habits of docs/STYLE.md. <c>dotnet run eng/source-figures.cs -- --details</c> lists every place.</summary>
public sealed class SourceHabitTests
{
    // What is spelled like a value of AWS's and means something else.
    private static readonly (string File, string Value)[] s_words =
    [
        // Headings of columns.
        ("CatalogShowVerb.cs", "READ"), ("CatalogShowVerb.cs", "SPOT"), ("CostEstimateVerb.cs", "SPOT"), ("CostCompareVerb.cs", "SPOT"),
        // An environment variable of the batch submitter.
        ("SubmitterVariables.cs", "MEMORY"), ("SubmitterVariables.cs", "TAGS"),
        // A market of managed instances, for which the model has no enumeration.
        ("ManagedInstances.cs", "SPOT"),
        // For which the model has no enumeration.
        ("HostResources.cs", "MEMORY"), ("JobDefinitionStatus.cs", "ACTIVE"),
        // States of Slurm's jobs.
        ("SacctReader.cs", "PENDING"), ("SacctReader.cs", "RUNNING"),
        ("JobDescriber.cs", "FAILED"), ("SlurmExplainer.cs", "PENDING"), ("SlurmStates.cs", "PENDING"), ("SlurmStates.cs", "RUNNING"),
        ("SlurmStates.cs", "STOPPED"), ("SlurmStates.cs", "FAILED"), ("PartState.cs", "FAILED"),
    ];

    // What two domains truly call so, each with the reason.
    private static readonly string[] s_sharedNames =
    [
        // A job of Batch's API with all its record, and what the scheduling core sees of one: both are the job that is submitted.
        "Job",
    ];

    [Fact]
    public void TypeNames_InSeveralNamespaces_AreThoseThatBothDomainsUse() =>
        Assert.Equal(s_sharedNames, Names.InSeveralNamespaces(Repository.Code).Select(name => name.Name));

    [Fact]
    public void Lines_Over140Columns_DoNotExist() => Assert.Empty(LongLines.Find(Repository.Root));

    [Fact]
    public void Literals_ThatRepeatAnEnumerationValue_AreHeadingsAndVariablesOnly()
    {
        var found = EnumerationLiterals.Find(Repository.Code)
            .Select(literal => (File: literal.Place[(literal.Place.LastIndexOf('/') + 1)..literal.Place.LastIndexOf(':')], literal.Value))
            .Distinct().Order().ToList();

        Assert.Equal(s_words.Order(), found);
    }

    [Fact]
    public void Phrases_ThatTheStyleReplaces_DoNotExist() => Assert.Empty(Phrases.Find(Repository.Root));
}
