using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace OpenAIProxy.Usage.Answers;

/// <summary>Calls of tools that upstream runs and bills apart from tokens.</summary>
internal struct ToolCalls
{
    private const int MostContainers = 16;

    private Hashes _containers;
    private int _containerCount;
    private int _shells;

    public int WebSearch { get; private set; }

    public int FileSearch { get; private set; }

    /// <summary>Images made.</summary>
    public int ImageGeneration { get; private set; }

    /// <summary>
    /// Containers that code or a shell ran in, as hashes of their ids; 0 for one without an id of its own. What is billed is the container,
    /// not each run in it.
    /// </summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<ulong> Containers => ((ReadOnlySpan<ulong>)_containers)[.._containerCount];

    /// <summary>True if it was a shell that ran in the container of that index.</summary>
    public readonly bool IsShell(int index) => (_shells >> index & 1) != 0;

    /// <summary>Counts an item of an output.</summary>
    /// <param name="type">The item's type.</param>
    /// <param name="isSearch">False for a web search call that opened a page or looked around in it: only searching is billed.</param>
    /// <param name="container">A hash of the container's id; 0 for one without an id of its own, null for none.</param>
    public void Add(ItemType type, bool isSearch, ulong? container)
    {
        switch (type)
        {
            case ItemType.WebSearch when isSearch:
                WebSearch++;
                break;
            case ItemType.FileSearch:
                FileSearch++;
                break;
            case ItemType.ImageGeneration:
                ImageGeneration++;
                break;
            case ItemType.CodeInterpreter:
                AddContainer(container ?? 0, isShell: false);
                break;
            case ItemType.Shell when container is { } id:
                AddContainer(id, isShell: true);
                break;
        }
    }

    private void AddContainer(ulong container, bool isShell)
    {
        Span<ulong> known = _containers;
        for (var i = 0; i < _containerCount; i++)
        {
            if (known[i] == container && (container != 0 || IsShell(i) == isShell))
            {
                return;
            }
        }

        if (_containerCount < MostContainers)
        {
            _shells |= isShell ? 1 << _containerCount : 0;
            known[_containerCount++] = container;
        }
    }

    [InlineArray(MostContainers)]
    private struct Hashes
    {
        private ulong _first;
    }
}
