using Microsoft.Extensions.Logging;

namespace OpenAIProxy.UsageJournal.Keeping;

/// <summary>Logs when records begin to be dropped, and how many were when that is over.</summary>
internal sealed class DropLog(ILogger logger)
{
    private long _before;
    private long _last;

    /// <summary>Looks at the state of the journal.</summary>
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
