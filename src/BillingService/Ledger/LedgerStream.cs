using System.Data.Common;
using System.Runtime.ExceptionServices;

namespace OpenAIProxy.BillingService.Ledger;

/// <summary>Rows on their way from the database, of which only a block is in memory.</summary>
internal sealed class LedgerStream<T>(DbConnection connection, DbDataReader reader, Func<DbDataReader, T> read) : IAsyncDisposable
{
    private Exception? _failure;

    /// <summary>Fills <paramref name="block"/> with the next rows, and returns how many it got. After a failure there are no more.</summary>
    public async Task<int> FillAsync(T[] block, CancellationToken cancellationToken)
    {
        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }

        try
        {
            var count = 0;
            while (count < block.Length && await reader.ReadAsync(cancellationToken))
            {
                block[count++] = read(reader);
            }

            return count;
        }
        catch (Exception e)
        {
            _failure = e;
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await reader.DisposeAsync();
        await connection.DisposeAsync();
    }
}
