// The step size the user gave.
template <class System, class Buffers> struct fixed_controller {
    BR_DEVICE static scalar step_size(const typename Buffers::state_type& s) { return s.dt; }
};
