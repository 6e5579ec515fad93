namespace Refrag;

/// <summary>Where something stands that the user wrote.</summary>
public abstract record Place
{
    private protected Place() { }
}

/// <summary>A place in one argument of the command line.</summary>
/// <param name="Text">The whole argument, as it was given.</param>
/// <param name="Column">The column in <paramref name="Text"/>, from 1, counted in UTF-16 units.</param>
/// <param name="Length">How many units the mistake spans; at least 1.</param>
public sealed record ArgumentPlace(string Text, int Column = 1, int Length = 1) : Place;

/// <summary>A place in a file.</summary>
/// <param name="Path">The file's path, relative to where the user stands where that is shorter.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="LineText">The line itself, where it is known.</param>
/// <param name="Length">How many units the mistake spans; at least 1.</param>
public sealed record FilePlace(string Path, int Line, int Column, string? LineText = null, int Length = 1) : Place;

/// <summary>An environment variable.</summary>
/// <param name="Name">The variable's name.</param>
/// <param name="Value">Its value; null if it is not set.</param>
public sealed record VariablePlace(string Name, string? Value) : Place;
