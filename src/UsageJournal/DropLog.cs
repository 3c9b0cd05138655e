using Microsoft.Extensions.Logging;

namespace OpenAIProxy.UsageJournal;

/// <summary>Says when records begin to be lost, and how many were when it is over.</summary>
internal sealed class DropLog(ILogger logger)
{
    private long _before;
    private long _last;

    /// <summary>Looks at the state of the journal.</summary>
    /// <param name="dropped">Records lost since the start.</param>
    /// <param name="pending">Records in memory.</param>
    public void Look(long dropped, int pending)
    {
        if (dropped > _before && _last == _before)
        {
            logger.Dropping(dropped - _before);
        }
        else if (dropped > _before && dropped == _last && pending == 0)
        {
            logger.Dropped(dropped - _before);
            _before = dropped;
        }

        _last = dropped;
    }
}
