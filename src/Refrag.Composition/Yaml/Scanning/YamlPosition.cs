using System.Runtime.InteropServices;

namespace Refrag.Composition.Yaml.Scanning;

/// <summary>A position in a document.</summary>
/// <param name="Index">In UTF-16 units, from 0.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">In UTF-16 units, from 0; a byte order mark at the beginning does not count.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct YamlPosition(int Index, int Line, int Column);
