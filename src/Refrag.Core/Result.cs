using System.Diagnostics.CodeAnalysis;

namespace Refrag;

/// <summary>A value, or the problems that kept it from being made. Never both, never neither.</summary>
/// <typeparam name="T">What is made.</typeparam>
public sealed class Result<T>
    where T : notnull
{
    private readonly T? _value;

    private Result(T? value, IReadOnlyList<Problem> problems) => (_value, Problems) = (value, problems);

    /// <summary>The problems; empty on success.</summary>
    public IReadOnlyList<Problem> Problems { get; }

    /// <summary>Whether there is a value.</summary>
    public bool IsSuccess => Problems.Count == 0;

    /// <summary>The value. Throws <see cref="InvalidOperationException"/> where there are problems instead.</summary>
    public T Value => IsSuccess ? _value! : throw new InvalidOperationException($"There is no value: {string.Join("; ", Problems)}");

    /// <summary>A success.</summary>
    public static implicit operator Result<T>(T value) => new(value, []);

    /// <summary>A success; for interfaces, from which the language allows no conversion.</summary>
    public static Result<T> Success(T value) => new(value, []);

    /// <summary>A failure of one problem.</summary>
    public static implicit operator Result<T>(Problem problem) => new(default, [problem]);

    /// <summary>A failure. Throws <see cref="ArgumentException"/> for an empty list.</summary>
    public static Result<T> Failure(IReadOnlyList<Problem> problems) =>
        problems.Count > 0 ? new(default, problems) : throw new ArgumentException("A failure has at least one problem.", nameof(problems));

    /// <summary>Takes the value, or the problems.</summary>
    public bool TryGet([NotNullWhen(true)] out T? value, out IReadOnlyList<Problem> problems)
    {
        value = _value;
        problems = Problems;
        return IsSuccess;
    }
}
