using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace OpenAIProxy.Gateway.Metering.Answers;

/// <summary>Calls of tools that upstream runs and bills apart from tokens.</summary>
internal struct ToolCalls
{
    private const int MostContainers = 16;

    private Containers _containers;
    private int _containerCount;

    /// <summary>Searches in the web.</summary>
    public int WebSearch { get; private set; }

    /// <summary>Searches in files.</summary>
    public int FileSearch { get; private set; }

    /// <summary>Images made.</summary>
    public int ImageGeneration { get; private set; }

    /// <summary>
    /// Containers that code ran in, as hashes of their ids; 0 for one without an id of its own. What is billed is the container, not each run in it.
    /// </summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<ulong> CodeInterpreter => ((ReadOnlySpan<ulong>)_containers)[.._containerCount];

    /// <summary>Counts an item of an output.</summary>
    /// <param name="type">The item's type.</param>
    /// <param name="isSearch">False for a web search call that opened a page or looked around in it: only searching is billed.</param>
    /// <param name="container">A hash of the container's id; 0 for none.</param>
    public void Add(ItemType type, bool isSearch, ulong container)
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
                AddContainer(container);
                break;
        }
    }

    private void AddContainer(ulong container)
    {
        Span<ulong> known = _containers;
        if (known[.._containerCount].Contains(container) || _containerCount == MostContainers)
        {
            return;
        }

        known[_containerCount++] = container;
    }

    [InlineArray(MostContainers)]
    private struct Containers
    {
        private ulong _first;
    }
}
