namespace Refrag.Results;

/// <summary>Why a file of the output directory cannot be stored now.</summary>
internal enum OutputFault
{
    /// <summary>It is not there any more.</summary>
    Gone,

    /// <summary>It changed while it was read.</summary>
    Changed,

    /// <summary>It cannot be read.</summary>
    Unreadable,
}

/// <summary>A file of the output directory cannot be stored now.</summary>
internal sealed class OutputFileException(OutputFault fault, string message) : Exception(message)
{
    public OutputFault Fault { get; } = fault;

    public static OutputFileException Changed() => new(OutputFault.Changed, "it changed while it was read");
}
