namespace Refrag.Composition.Yaml.Scanning;

/// <summary>Indentation, and the keys that may have begun.</summary>
internal sealed partial class YamlScanner
{
    // True where a block begins at this column.
    private bool OpenBlock(int column)
    {
        if (_indent >= column) return false;
        _indents.Push(_indent);
        _indent = column;
        return true;
    }

    private void CloseBlocks(int column)
    {
        if (_flow != 0) return;
        while (_indent > column)
        {
            _indent = _indents.Pop();
            Add(YamlTokenKind.BlockEnd, _at.Position);
        }
    }

    private void RememberKey()
    {
        if (!_keyAllowed) return;
        ForgetKey();
        bool required = _flow == 0 && _indent == _at.Column;
        _keys.Add(new PossibleKey(_flow, _taken + _tokens.Count - _head, required, _at.Position));
    }

    // What began at this level of brackets is no key.
    private void ForgetKey()
    {
        if (_keys.Count == 0 || _keys[^1].Flow != _flow) return;
        if (_keys[^1].IsRequired) throw YamlFaults.NoColon(_keys[^1].At);
        _keys.RemoveAt(_keys.Count - 1);
    }

    // Keys end with their line. The oldest is first, so what is too old is at the front.
    private void ForgetOldKeys()
    {
        int old = 0;
        while (old < _keys.Count && IsOld(_keys[old].At))
        {
            if (_keys[old].IsRequired) throw YamlFaults.NoColon(_keys[old].At);
            old++;
        }
        if (old > 0) _keys.RemoveRange(0, old);
    }

    private bool IsOld(YamlPosition key) =>
        key.Line != _at.Line || (_at.Index - key.Index > LongestKey && _at.CharactersSince(key.Index) > LongestKey);
}
