using System.Data;
using System.Data.Common;
using Dapper;

namespace Laurel.Storage;

/// <summary>
/// The one place where state is kept. Reading takes a connection of its own; writing is one transaction at a time in
/// this process, committed to disk when <see cref="Write{T}"/> returns.
/// </summary>
public abstract class Database : IDisposable
{
    private const int MostTries = 4;
    private readonly Lock writing = new();
    private DbConnection? writer;

    static Database() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    /// <summary>
    /// Raised where a writing transaction was undone, before anybody else may write: what was remembered of it must go.
    /// </summary>
    public event EventHandler? Undone;

    /// <summary>
    /// Asked what made a transaction fail, once that is undone: true where it has been set right, so that the same work is tried again.
    /// May write itself.
    /// </summary>
    public Func<Exception, bool>? Mend { get; set; }

    /// <summary>What differs between the two databases.</summary>
    public abstract Dialect Dialect { get; }

    /// <summary>Where it is, as people may read it.</summary>
    public abstract string Place { get; }

    /// <summary>A connection for reading; the caller disposes it.</summary>
    public abstract DbConnection Read();

    /// <summary>One unchanging view for several readings, which hinders no writer.</summary>
    public abstract DbTransaction Snapshot(DbConnection connection);

    /// <summary>A connection for writing, with the durability that acknowledging needs.</summary>
    protected abstract DbConnection OpenWriter();

    /// <summary>Whether the same work may succeed when it is tried again.</summary>
    protected virtual bool IsTransient(DbException failure) => false;

    /// <summary>
    /// Runs <paramref name="work"/> in one transaction; what it throws undoes all of it. Where other processes write, too, it may run more
    /// than once before it succeeds.
    /// </summary>
    public T Write<T>(Func<DbConnection, DbTransaction, T> work)
    {
        lock (writing)
        {
            for (var attempt = 1; ; attempt++)
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
                    // The connection's state is not known any more: prepared commands notice by its identity.
                    var isLost = failure is DbException || writer.State != ConnectionState.Open;
                    if (isLost) Close();
                    Undone?.Invoke(this, EventArgs.Empty);
                    if (!isLost && Mend?.Invoke(failure) == true)
                    {
                        attempt = 0;
                        continue;
                    }
                    if (attempt >= MostTries || failure is not DbException database || !IsTransient(database)) throw;
                }
            }
        }
    }

    public void Write(Action<DbConnection, DbTransaction> work) =>
        Write((connection, transaction) =>
        {
            work(connection, transaction);
            return true;
        });

    /// <summary>
    /// Keeps a lock by number, alone or with others who share it, until it is disposed or the process ends; null where somebody is in the
    /// way. A file has one owner, in whose way nobody is.
    /// </summary>
    public virtual IDisposable? TryHold(long number, bool shared) => new Nothing();

    /// <summary>
    /// Whether somebody may hold a lock since an instant or earlier. Of a file it is asked whether it has the same owner since.
    /// </summary>
    public virtual bool MayBeHeldSince(long number, DateTimeOffset since) => false;

    private sealed class Nothing : IDisposable
    {
        public void Dispose() { }
    }

    /// <summary>Brings the schema up to this program's version; says how many migrations ran.</summary>
    public virtual int Migrate() => Migrations.Run(this);

    public virtual void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    private void Close()
    {
        writer?.Dispose();
        writer = null;
    }
}
