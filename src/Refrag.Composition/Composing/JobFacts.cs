namespace Refrag.Composition;

/// <summary>What is known of the job that a composition is for; <c>${hydra:job.num}</c> and the like read it.</summary>
public sealed record JobFacts
{
    /// <summary>
    /// The job's name: <c>${hydra:job.name}</c>. Null if the configuration itself says it, at <see cref="NameKey"/>, or if there is none.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>
    /// The key that holds the job's name, as <c>app.name</c>, where <see cref="Name"/> is null. A value with interpolations there names
    /// nothing.
    /// </summary>
    public string? NameKey { get; init; }

    /// <summary>The job's place in its sweep, from 0: <c>${hydra:job.num}</c>. Null outside of a sweep.</summary>
    public int? Number { get; init; }

    /// <summary>The identifier that the job was given: <c>${hydra:job.id}</c>. Null if it has none yet.</summary>
    public string? Id { get; init; }

    /// <summary>The directory that the program was started in: <c>${hydra:runtime.cwd}</c>. Null if it has no meaning.</summary>
    public string? Directory { get; init; }
}
