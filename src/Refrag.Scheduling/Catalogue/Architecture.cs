namespace Refrag.Scheduling.Catalogue;

/// <summary>The processor architecture of an instance type, or that an image needs.</summary>
public enum Architecture
{
    /// <summary>Intel and AMD; AWS's <c>x86_64</c>.</summary>
    X64,

    /// <summary>Graviton; AWS's <c>arm64</c>.</summary>
    Arm64,
}
