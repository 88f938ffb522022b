using System.Data.Common;
using Dapper;

namespace Laurel.Storage;

/// <summary>
/// The one place where state is kept. Reading takes a connection of its own; writing is one transaction at a time in
/// this process, committed to disk when <see cref="Write{T}"/> returns.
/// </summary>
public abstract class Database : IDisposable
{
    private readonly Lock writing = new();
    private DbConnection? writer;

    static Database() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    /// <summary>
    /// Raised where a writing transaction was undone, before anybody else may write: what was remembered of it must go.
    /// </summary>
    public event EventHandler? Undone;

    /// <summary>What differs between the two databases.</summary>
    public abstract Dialect Dialect { get; }

    /// <summary>A connection for reading; the caller disposes it.</summary>
    public abstract DbConnection Read();

    /// <summary>One unchanging view for several readings, which hinders no writer.</summary>
    public abstract DbTransaction Snapshot(DbConnection connection);

    /// <summary>A connection for writing, with the durability that acknowledging needs.</summary>
    protected abstract DbConnection OpenWriter();

    /// <summary>Runs <paramref name="work"/> in one transaction; what it throws undoes all of it.</summary>
    public T Write<T>(Func<DbConnection, DbTransaction, T> work)
    {
        lock (writing)
        {
            writer ??= OpenWriter();
            try
            {
                using var transaction = writer.BeginTransaction();
                var result = work(writer, transaction);
                transaction.Commit();
                return result;
            }
            catch (Exception failure)
            {
                if (failure is DbException)
                {
                    // The connection's state is not known any more: prepared commands notice by its identity.
                    writer.Dispose();
                    writer = null;
                }
                Undone?.Invoke(this, EventArgs.Empty);
                throw;
            }
        }
    }

    public void Write(Action<DbConnection, DbTransaction> work) =>
        Write((connection, transaction) =>
        {
            work(connection, transaction);
            return true;
        });

    /// <summary>Brings the schema up to this program's version; says how many migrations ran.</summary>
    public int Migrate() => Migrations.Run(this);

    public virtual void Dispose()
    {
        writer?.Dispose();
        writer = null;
        GC.SuppressFinalize(this);
    }
}
